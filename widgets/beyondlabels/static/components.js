// A picture rebuilt from k components, its newest component, and its original once it was read; the scree beside them.
import { h, card, follow, saidLine, unbroken } from "./card.js";
import { choice, numbers, stepper } from "./controls.js";
import { figure, svg, ticks } from "./stage.js";
import { Questions } from "./questions.js";

const percent = (share) => `${figure(100 * share, 1)} %`;

/** A picture of so many rows and columns. `show(values, ink)`: ink(value) gives a colour. Cells overlap a little and are opaque: no seams. */
function picture([tall, wide], title) {
  const cells = Array.from({ length: tall * wide }, (_, i) => svg("rect", { x: i % wide, y: Math.floor(i / wide), width: 1.05, height: 1.05 }));
  const drawing = svg("svg", { viewBox: `0 0 ${wide} ${tall}`, role: "img", "shape-rendering": "crispEdges" }, ...cells);
  const unknown = h("span", { class: "unknown", "aria-hidden": "true" }, "?");
  const caption = h("figcaption", {}, title);
  const element = h("figure", {}, h("div", { class: "paper" }, drawing, unknown), caption);

  function show(values, ink, told, under) {
    unknown.hidden = values !== null;
    (values ?? []).forEach((value, i) => {
      cells[i].setAttribute("style", `fill:${ink(value)}`);
    });
    if (values === null) cells.forEach((cell) => cell.setAttribute("style", "fill:none"));
    drawing.setAttribute("aria-label", told);
    caption.replaceChildren(unbroken(under[0]), h("small", {}, under[1]));
  }

  return { element, show };
}

const mixed = (colour, strength) => `color-mix(in srgb, var(--${colour}) ${(100 * strength).toFixed(1)}%, var(--raise))`;
const black = (value) => mixed("ink", value);
const signed = (value) => mixed(value < 0 ? "data-1" : "data-0", Math.abs(value));

/** Bars of each component's share and the line of what is kept so far. A click on a bar asks for so many components. */
function scree(shares, onask) {
  const [width, height, left, right, bottom, top] = [420, 190, 48, 56, 42, 12];
  const step = (width - left - right) / shares.length, highest = shares[0];
  const y = (part) => height - bottom - part * (height - bottom - top);
  let sum = 0;
  const sums = shares.map((share) => (sum += share));
  const bars = shares.map((share, i) => svg("rect", { x: (left + i * step).toFixed(2), width: Math.max(0.6, step - 0.8).toFixed(2), y: y(share / highest).toFixed(1), height: (height - bottom - y(share / highest)).toFixed(1) }));
  const kept = svg("path", { class: "sums", d: `M${sums.map((part, i) => `${(left + (i + 0.5) * step).toFixed(1)} ${y(part).toFixed(1)}`).join("L")}` });
  const here = svg("circle", { class: "here", r: 4.5 });
  const text = (x, place, words, anchor, more = {}) => svg("text", { x, y: place, "text-anchor": anchor, ...more }, words);
  const each = ticks({ low: 0, high: 100 * highest }, 3);
  const sides = [
    ...each.found.flatMap((value) => [
      svg("path", { class: "line", d: `M${left} ${y(value / 100 / highest)}H${width - right}` }),
      text(left - 6, y(value / 100 / highest) + 4, figure(value, each.decimals), "end"),
    ]),
    ...[0, 50, 100].map((value) => text(width - right + 6, y(value / 100) + 4, value, "start")),
  ];
  const names = [
    ...[1, Math.round(shares.length / 2), shares.length].map((k) => text(left + (k - 0.5) * step, height - bottom + 16, k, "middle")),
    text(left + (width - left - right) / 2, height - 6, "component", "middle", { class: "title" }),
    svg("text", { class: "title", transform: `translate(12 ${y(0.5)}) rotate(-90)`, "text-anchor": "middle" }, "each, %"),
    svg("text", { class: "title", transform: `translate(${width - 6} ${y(0.5)}) rotate(-90)`, "text-anchor": "middle" }, "kept so far, %"),
  ];
  const element = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "scree" }, ...sides, ...bars, kept, here, ...names);
  element.addEventListener("click", (event) => {
    const box = element.getBoundingClientRect();
    const at = Math.ceil((((event.clientX - box.left) / box.width) * width - left) / step);
    onask(Math.min(shares.length, Math.max(0, at)));
  });

  function show(k) {
    bars.forEach((bar, i) => bar.setAttribute("class", i < k ? "in" : "out"));
    here.style.display = k ? "" : "none";
    if (k) { here.setAttribute("cx", left + (k - 0.5) * step); here.setAttribute("cy", y(sums[k - 1])); }
    element.setAttribute("aria-label", `Scree plot of ${shares.length} components; the first holds ${percent(shares[0])} of the variance, `
      + `the first ${k} together ${percent(k ? sums[k - 1] : 0)}`);
  }

  return { element, show };
}

function render({ model, el }) {
  const text = model.get("text");
  const questions = new Questions(model);
  const said = saidLine(model);
  const ask = (value) => { k.show(value); questions.ask({ do: "k", k: value }); };
  const k = stepper({ label: "components k", min: 0, max: text.most, speak: (value) => `${value} components`, fewer: "one component fewer", more: "one component more",
    onask: (value) => questions.ask({ do: "k", k: value }) });
  const [rebuilt, component, original] = ["rebuilt", "component", "original"].map((title) => picture(text.shape, title));
  const bars = scree(model.get("shares"), ask);
  const figures = numbers(["variance kept", "a pixel is off by", "read so far"]);
  const reading = choice("I read", [["", "…"], ...text.labels.map((one) => [one, one])], () => {});
  const commit = h("button", { class: "primary", onclick: () => { if (reading.select.value) questions.ask({ do: "read", label: reading.select.value }); else reading.select.focus(); } }, "Commit");
  const next = h("button", { onclick: () => questions.ask({ do: "next" }) }, `Another ${text.one}`);
  const answering = h("div", { class: "row reading" }, text.labels.length ? [reading.element, commit] : [], next);
  const left = h("div", {}, h("div", { class: "pictures" }, rebuilt.element, component.element, original.element), bars.element);
  const root = card("explore components", "Explore", text.question,
    h("div", { class: "split" }, left, h("div", { class: "controls" }, k.element, answering, figures.element)), said);
  let row = null;

  function answer() {
    const state = model.get("state");
    questions.answered(state.token);
    if (questions.idle()) k.show(state.k);
    if (row !== state.row) { row = state.row; reading.show(""); }
    const from = `from ${state.k} of ${text.most}`;
    rebuilt.show(state.rebuilt, black, `${text.one} rebuilt ${from} components`, ["rebuilt", from]);
    component.show(state.component, signed, state.k ? `component ${state.k}, ink added and ink taken away` : "no component yet",
      state.k ? [`component ${state.k}`, `times ${state.number}`] : ["no component", "only the mean"]);
    original.show(state.original, black, state.original ? `the original${state.label === null ? "" : `: ${state.label}`}` : "the original, hidden until you commit",
      ["original", state.original ? state.label ?? "" : "after you commit"]);
    bars.show(state.k);
    figures.show("variance kept", percent(state.share));
    figures.show("a pixel is off by", state.error);
    figures.show("read so far", state.read[0] ? `${state.read[1]} of ${state.read[0]}` : "–");
    root.dataset.frame = model.get("frame");
  }

  el.append(root);
  const stop = follow(model, ["frame"], answer);
  return () => { questions.stop(); stop(); };
}

export default { render };
