// One operation: what it computes, from what, with which constants, and what came out for the row.
import { counted, h } from "./card.js";

const decode = (text) => Int8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** A heat map of signed cells: full colour is the largest size, what is not finite is crossed out. */
function heat({ label, columns, cells, most, averaged }, summary) {
  const values = decode(cells);
  const rows = values.length / columns;
  const side = Math.max(3, Math.min(10, Math.floor(190 / columns)));
  const canvas = h("canvas", { class: "heat", role: "img", "aria-label": `Heat map of ${label || "the values"}: ${summary}`, width: columns * side, height: rows * side });
  canvas.paint = () => {
    const style = getComputedStyle(canvas);
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, canvas.width, canvas.height);
    values.forEach((value, index) => {
      const [x, y] = [(index % columns) * side, Math.floor(index / columns) * side];
      context.globalAlpha = value === -128 ? 1 : Math.abs(value) / 127;
      context.fillStyle = style.getPropertyValue(value === -128 ? "--no" : value < 0 ? "--data-1" : "--data-0");
      context.fillRect(x, y, side, side);
    });
    context.globalAlpha = 1;
  };
  return h("figure", { style: `width:${Math.max(150, columns * side)}px` }, canvas, h("figcaption", {}, label ? h("b", {}, label) : null, label ? " " : null, `${averaged ? "block means, " : ""}blue up to ${most}, orange down to −${most}`));
}

function histogram({ counts, low, high }) {
  const most = Math.max(...counts);
  const bars = counts.map((count) => h("i", { style: `height:${count ? Math.max(2, Math.round((count / most) * 44)) : 0}px` }));
  return h("figure", {}, h("div", { class: "bars", role: "img", "aria-label": `Histogram from ${low} to ${high}, counts ${counts.join(", ")}` }, bars), h("figcaption", { class: "ends" }, h("span", {}, low), h("span", {}, high)));
}

/** A value or a constant, as Python's `figures.figure` describes it. */
function valueParts(value, caption) {
  const parts = [];
  if (value.table) {
    const { heads, rows } = value.table;
    const head = heads.length > 1 ? h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "place"), heads.map((each) => h("th", { scope: "col" }, each)))) : null;
    const cells = rows.map(([place, ...numbers]) => h("tr", {}, h("th", { scope: "row" }, place || "value"), numbers.map((each) => h("td", {}, each))));
    parts.push(h("div", { class: "numbers", tabindex: "0", role: "group", "aria-label": caption }, h("table", {}, head, h("tbody", {}, cells))));
  }
  if (value.heats) {
    parts.push(h("p", { class: "first" }, `first: ${value.first}`));
    parts.push(h("div", { class: "figures" }, value.heats.map((each) => heat(each, value.summary)), value.histogram ? histogram(value.histogram) : null));
    for (const gap of value.gaps) parts.push(h("p", { class: "muted" }, `${gap}.`));
  }
  return parts;
}

const verdict = (passed, ...words) => h("p", { class: `msg ${passed ? "right" : "notyet"}` }, h("b", {}, passed ? "✓ Within the tolerance. " : "✗ Leaves the tolerance. "), ...words);

/** The names as buttons that lead there. */
const links = (pairs, go) => pairs.map(([words, step]) => (step === null || step < 0 ? h("code", {}, words) : h("button", { type: "button", class: "link", onclick: () => go(step) }, words)));

/** What stands under graph and list. `go(step)` looks at another step. */
export function stepCard(program, at, { row, made, mark, readers, go }) {
  const step = program.steps[at];
  const constants = step.constants.map((each) => h("details", { "data-fold": each.name },
    h("summary", {}, h("code", {}, each.name), ` ${each.type}`, each.packed ? `, ${each.packed}` : "", h("span", { class: "muted" }, ` ${each.table && each.table.rows.length <= 4 ? each.table.rows.map((line) => line[1]).join(", ") : each.summary}`)),
    valueParts(each, `Constant ${each.name}`)));
  const values = made.map((value, index) => h("section", {},
    h("h4", {}, made.length > 1 ? `Value ${value.name}` : "Value", h("span", { class: "muted" }, ` row ${row.toLocaleString("en")} · ${value.type ?? step.types[index]}`)),
    value.summary ? h("p", { class: "summary" }, value.summary) : null, valueParts(value, `Value ${value.name} for row ${row}`)));
  const compared = [
    ...mark.model.map((each) => verdict(each.passed, h("b", {}, each.other), ` of the model (${each.by}): ${each.sentence}.`)),
    mark.half ? verdict(mark.half.passed, h("b", {}, "float16"), ` against float32: ${mark.half.sentence}.`) : null,
  ];
  return [
    h("h4", { class: "head" }, h("span", { class: "name" }, step.name), h("code", {}, step.kind), h("span", { class: "muted" }, step.types.join(", "))),
    step.rule ? h("p", { class: "rule" }, step.rule.split("`").map((piece, index) => (index % 2 ? h("code", {}, piece) : piece))) : null,
    h("dl", { class: "wires" },
      h("div", {}, h("dt", {}, "reads"), h("dd", {}, step.reads.length ? links(step.reads.map(([key, name, source]) => [`${key} = ${name}`, source]), go) : "constants only")),
      h("div", {}, h("dt", {}, "read by"), h("dd", {}, readers.length ? links(readers, go) : "nothing else"))),
    h("div", { class: "columns" }, h("div", {}, values), h("div", {},
      compared.some(Boolean) ? h("section", {}, h("h4", {}, "Compared, on all chosen rows"), compared) : null,
      h("section", {}, h("h4", {}, "Constants"), constants.length ? constants : h("p", { class: "muted" }, "None.")),
      step.inside ? h("section", {}, h("h4", {}, "Inside"), h("pre", { tabindex: "0" }, h("code", {}, step.inside))) : null)),
  ];
}

/** What a group makes, in place of its operations while it is closed. */
export function groupCard(program, group, steps, open) {
  const kinds = [...steps.reduce((count, at) => count.set(program.steps[at].kind, (count.get(program.steps[at].kind) ?? 0) + 1), new Map())];
  return [
    h("h4", { class: "head" }, h("span", { class: "name" }, group.name), h("span", { class: "muted" }, counted(steps.length, "operation")),
      h("button", { type: "button", class: "fold-group", onclick: open }, group.open ? "Close the group" : "Open the group")),
    h("p", { class: "rule" }, kinds.map(([kind, count]) => (count > 1 ? `${count} × ${kind}` : kind)).join(", ")),
  ];
}
