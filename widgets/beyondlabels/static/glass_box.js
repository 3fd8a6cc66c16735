// The glass box. Python runs the program and compares; this shows it, and steps through it without asking the kernel.
import { h, card, counted, follow, unbroken } from "./card.js";
import { Graph } from "./glass_graph.js";
import { List } from "./glass_list.js";
import { groupCard, stepCard } from "./glass_step.js";

const PACE = 1000; // ms a step is shown while playing
const PATIENCE = 15000; // ms without an answer before the card says that the kernel may be gone
const FEW = 40; // operations up to which every group is open at first
const MEANING = { within: "agrees with the model", beyond: "differs from the model", half: "float16 leaves its tolerance" };

/** The tree of the program with keys: groups by key, each step's own groups from the outermost in. */
function readTree(program) {
  const groups = new Map(), above = program.steps.map(() => []);
  const visit = (items, parents) => items.map((item) => {
    if (typeof item === "number") {
      above[item] = parents;
      return `s${item}`;
    }
    const group = { key: `g${groups.size}`, name: item.name, label: item.label, level: parents.length, open: program.steps.length <= FEW };
    groups.set(group.key, group);
    group.items = visit(item.items, [...parents, group]);
    group.steps = group.items.flatMap((key) => (key[0] === "s" ? [Number(key.slice(1))] : groups.get(key).steps));
    return group.key;
  });
  return { roots: visit(program.tree, []), groups, above };
}

function render({ model, el }) {
  const program = model.get("program");
  const { steps } = program;
  const { roots, groups, above } = readTree(program);
  const readers = steps.map(() => []);
  steps.forEach((step, index) => step.reads.forEach(([, , source]) => { if (source !== null && source >= 0 && !readers[source].includes(index)) readers[source].push(index); }));
  let chosen, filter = "", playing = null, waiting = null, saving = null;
  const stops = [];

  // ---- what is visible
  const marks = () => model.get("marks");
  /** The signs of these steps: [kind, sign], what the model says first. */
  function flagsOf(list) {
    const told = list.map((at) => marks()[at] ?? { model: [], half: null });
    const theirs = told.flatMap((each) => each.model.map((one) => one.passed));
    const model = theirs.includes(false) ? [["beyond", "✗"]] : theirs.length ? [["within", "✓"]] : [];
    return told.some((each) => each.half && !each.half.passed) ? [...model, ["half", "16"]] : model;
  }
  const stepOf = (key) => (key[0] === "s" ? Number(key.slice(1)) : groups.get(key).steps.at(-1));
  const shownAs = (at) => above[at].find((group) => !group.open)?.key ?? `s${at}`;
  const matches = (at) => `${steps[at].name} ${steps[at].kind}`.toLowerCase().includes(filter);
  function visible(keys = roots, headers = true) {
    return keys.flatMap((key) => {
      const group = groups.get(key);
      if (!group) return [key];
      if (!group.open) return [key];
      return [...(headers ? [key] : []), ...visible(group.items, headers)];
    });
  }
  const rowsNow = () => (filter ? steps.map((step, at) => at).filter(matches).map((at) => `s${at}`) : visible());
  const stopsNow = () => (filter ? rowsNow() : visible(roots, false));

  // ---- the parts
  const list = new List({ onpick: choose, onfold: fold, onkey: (event) => press(event, rowsNow(), true) });
  const graph = new Graph({ onpick: pickNode, onopen: (key) => groups.has(key) && fold(key), onkey: (event) => press(event, stopsNow(), false) });
  const detail = h("div", { class: "detail" });
  const where = h("p", { class: "where", role: "status", "aria-live": "polite" });
  const said = h("p", { class: "said", role: "status", "aria-live": "polite" });
  const button = (words, label, act) => h("button", { type: "button", class: "square", "aria-label": words, title: words, onclick: act }, label);
  const back = button("previous operation", "◀", () => { pause(); move(-1); });
  const next = button("next operation", "▶", () => { pause(); move(1); });
  const first = button("first operation", "|◀", () => { pause(); choose(stopsNow()[0]); });
  const last = button("last operation", "▶|", () => { pause(); choose(stopsNow().at(-1)); });
  const play = h("button", { type: "button", class: "primary play", onclick: () => (playing ? pause() : start()) }, "Play");
  const search = h("input", { type: "text", class: "search", placeholder: "Find a name or kind", "aria-label": "Find operations by name or kind", spellcheck: "false", autocomplete: "off", oninput: () => { filter = search.value.trim().toLowerCase(); redraw(false); } });
  const row = h("input", { type: "number", min: 0, max: program.rows - 1, step: 1, onchange: askRow,
    onkeydown: (event) => { if (event.key === "Enter") askRow(); } }); // JupyterLab keeps Enter from becoming a change
  const all = h("button", { type: "button", onclick: () => { const open = [...groups.values()].some((group) => !group.open); groups.forEach((group) => { group.open = open; }); redraw(true); } });
  const tabs = ["graph", "list"].map((name) => h("button", { type: "button", "aria-pressed": "false", onclick: () => show(name) }, name === "graph" ? "Graph" : "List"));
  const controls = h("div", { class: "row bar" }, h("div", { class: "steps" }, first, back, play, next, last),
    h("label", { class: "inline" }, "row", row, h("span", { class: "muted" }, `of ${program.rows.toLocaleString("en")}`)), search, groups.size ? all : null,
    h("div", { class: "tabs", role: "group", "aria-label": "Show" }, tabs));
  const legend = h("p", { class: "legend muted" });
  const findings = h("div", { class: "findings" });
  const root = card("glass", "Look inside", program.title, about(program), findings, controls, h("div", { class: "panes" }, list.element, graph.element), legend, where, detail,
    h("p", { class: "muted note" }, program.note), said);
  function show(name) {
    root.dataset.show = name;
    tabs.forEach((tab, index) => tab.setAttribute("aria-pressed", String(index === (name === "graph" ? 0 : 1))));
    select();
  }

  // ---- moving
  function choose(key) {
    if (!key) return;
    chosen = key;
    select();
    clearTimeout(saving);
    saving = setTimeout(() => { if (model.get("at") !== stepOf(chosen)) { model.set("at", stepOf(chosen)); model.save_changes(); } }, 250);
  }
  function go(at) {
    pause();
    const closed = above[at].some((group) => !group.open);
    above[at].forEach((group) => { group.open = true; });
    if (filter && !matches(at)) { filter = search.value = ""; redraw(true); } else if (closed) redraw(true);
    choose(`s${at}`);
  }
  function move(by, keys = stopsNow()) {
    const at = keys.indexOf(chosen);
    const to = at >= 0 ? at + by : keys.findIndex((key) => stepOf(key) >= stepOf(chosen)) + (by < 0 ? -1 : 0);
    if (to < 0 || to >= keys.length) return false;
    choose(keys[to]);
    return true;
  }
  function press(event, keys, isTree) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const group = groups.get(chosen);
    const parent = group ? parentOf(chosen) : above[stepOf(chosen)]?.at(-1)?.key;
    const acts = {
      ArrowDown: () => move(1, keys), ArrowUp: () => move(-1, keys), Home: () => choose(keys[0]), End: () => choose(keys.at(-1)),
      ArrowRight: () => (isTree ? group && !filter && (group.open ? move(1, keys) : fold(chosen)) : move(1, keys)),
      ArrowLeft: () => (isTree ? !filter && (group?.open ? fold(chosen) : parent && choose(parent)) : move(-1, keys)),
      Enter: () => (group ? fold(chosen) : !isTree && parent && fold(parent)),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    pause();
    acts[event.key]();
  }
  const parentOf = (key) => [...groups.values()].find((group) => group.items.includes(key))?.key;
  function fold(key) {
    const group = groups.get(key);
    group.open = !group.open;
    if (!group.open) chosen = key;
    redraw(true);
  }
  function pickNode(key) {
    pause();
    if (key[0] === "o") go(program.outputs[Number(key.slice(1))].step);
    else if (key[0] !== "i") choose(key);
  }
  function start() {
    if (!move(1)) choose(stopsNow()[0]);
    play.textContent = "Pause";
    playing = setInterval(() => { if (!move(1)) pause(); }, PACE);
  }
  function pause() {
    clearInterval(playing);
    playing = null;
    play.textContent = "Play";
  }

  // ---- drawing
  function nodes() {
    const source = (number) => (number === null ? null : number < 0 ? `i${-1 - number}` : shownAs(number));
    const made = program.inputs.map((port, index) => ({ key: `i${index}`, kind: "input", name: port.name, second: port.type, flags: [], reads: [] }));
    for (const key of visible(roots, false)) {
      const group = groups.get(key);
      const inside = group ? group.steps : [stepOf(key)];
      const reads = inside.flatMap((at) => steps[at].reads.map(([, , number]) => source(number))).filter((each) => each !== null && each !== key);
      const only = steps[inside.at(-1)];
      made.push(group ? { key, kind: "group", name: group.name, second: counted(inside.length, "operation"), flags: flagsOf(inside), reads }
        : { key, kind: "step", name: only.name, second: `${only.kind} ${(only.types[0] ?? "").replace(/^\S+ /, "")}`, flags: flagsOf(inside), reads });
    }
    program.outputs.forEach((port, index) => made.push({ key: `o${index}`, kind: "output", name: port.name, second: "output", flags: [], reads: [source(port.step)] }));
    return made;
  }
  function lines() {
    return rowsNow().map((key) => {
      const group = groups.get(key);
      if (group) return { key, level: group.level, name: group.label, second: `${group.steps.length}`, group: group.open ? "open" : "closed", flags: flagsOf(group.steps), words: `group ${group.name}, ${counted(group.steps.length, "operation")}${say(flagsOf(group.steps))}` };
      const at = stepOf(key), step = steps[at];
      const reads = step.reads.map(([, name]) => name).join(" and ") || "constants";
      return { key, level: filter ? 0 : above[at].length, name: within(step.name, above[at].at(-1)), second: step.kind, group: null, flags: flagsOf([at]), words: `${at + 1}, ${step.name}, ${step.kind} of ${reads}, gives ${step.types.join(" and ")}${say(flagsOf([at]))}` };
    });
  }
  /** A name in its group: without the group's own. */
  const within = (name, group) => (!filter && group && name.startsWith(`${group.name}_`) ? name.slice(group.name.length + 1) : name);
  const say = (flags) => flags.map(([kind]) => `, ${MEANING[kind]}`).join("");

  /** Draw list and graph anew after a group opened or closed (`both`), or only the list after a search. */
  function redraw(both) {
    list.draw(lines());
    if (both) graph.draw(nodes());
    graph.dim(filter ? new Set(steps.map((step, at) => at).filter(matches).map(shownAs)) : null);
    const signs = new Map(steps.flatMap((step, at) => flagsOf([at])));
    legend.replaceChildren(...[...signs].flatMap(([kind, sign]) => [h("span", { class: `flag ${kind}` }, sign), ` ${MEANING[kind]} `]));
    all.textContent = [...groups.values()].some((group) => !group.open) ? "Open all groups" : "Close all groups";
    select();
  }

  function select() {
    const group = groups.get(chosen), at = stepOf(chosen);
    const summary = program.inputs.map((port) => port.name).join(", ");
    list.select(chosen);
    graph.select(group && !above[at].some((each) => !each.open) ? chosen : shownAs(at), `Graph of ${counted(steps.length, "operation")} from ${summary} to ${program.outputs.map((port) => port.name).join(", ")}; the list holds the same in words. Chosen: ${group ? `group ${group.name}` : `${steps[at]?.name}, which reads ${steps[at]?.reads.map(([, name]) => name).join(" and ") || "constants"} and is read by ${readers[at]?.map((each) => steps[each].name).join(" and ") || "nothing else"}`}`);
    const order = stopsNow();
    const made = model.get("values").steps[at] ?? [];
    where.setAttribute("aria-live", root.contains(document.activeElement) && document.activeElement === list.element ? "off" : "polite");
    where.replaceChildren(h("b", {}, group ? `Operations ${group.steps[0] + 1} to ${at + 1} of ${steps.length}` : `Operation ${at + 1} of ${steps.length}`), unbroken(`: ${group?.name ?? steps[at]?.name ?? ""}. ${made.map((each) => each.summary).filter(Boolean).join("; ")}`));
    back.setAttribute("aria-disabled", String(order[0] === chosen));
    next.setAttribute("aria-disabled", String(order.at(-1) === chosen));
    if (steps.length) showDetail(group, at, made);
  }

  function showDetail(group, at, made) {
    const open = new Set([...detail.querySelectorAll("details[open]")].map((each) => each.dataset.fold));
    const told = { row: model.get("values").row, made, mark: marks()[at] ?? { model: [], half: null }, go, readers: [...readers[at].map((each) => [steps[each].name, each]), ...program.outputs.filter((port) => port.step === at).map((port) => [`output ${port.name}`, null])] };
    const inner = stepCard(program, at, told);
    detail.replaceChildren(...(group ? [...groupCard(program, group, group.steps, () => fold(group.key)), h("p", { class: "muted" }, "It ends with:"), ...inner] : inner).filter(Boolean));
    for (const each of detail.querySelectorAll("details")) if (open.has(each.dataset.fold)) each.open = true;
    paint();
  }
  const paint = () => detail.querySelectorAll("canvas").forEach((canvas) => canvas.paint());

  // ---- rows, and what Python says
  function askRow() {
    const wanted = Math.max(0, Math.min(program.rows - 1, Math.round(Number(row.value) || 0)));
    row.value = wanted;
    if (wanted === model.get("row")) return;
    said.textContent = `Row ${wanted.toLocaleString("en")} …`;
    clearTimeout(waiting);
    waiting = setTimeout(() => { said.textContent = "No answer yet. The kernel may be busy with another cell, or it has stopped: then run this cell again."; }, PATIENCE);
    model.set("row", wanted);
    model.save_changes();
  }
  function showFindings() {
    findings.replaceChildren(...model.get("verdicts").map((each) => h("div", { class: `msg ${each.ok ? "right" : "notyet"}` },
      h("p", {}, h("b", {}, `${each.ok ? "✓" : "✗"} ${each.about}. `), each.text),
      each.step === null ? null : h("button", { type: "button", onclick: () => go(each.step) }, "Show that operation"))));
  }

  el.replaceChildren(root);
  chosen = model.get("at") ? `s${model.get("at")}` : stopsNow()[0];
  above[stepOf(chosen ?? "s0")]?.forEach((group) => { if (group.key !== chosen && model.get("at")) group.open = true; });
  redraw(true);
  show("graph");
  stops.push(follow(model, ["verdicts"], showFindings));
  stops.push(follow(model, ["said"], () => { clearTimeout(waiting); said.textContent = model.get("said") === program.note ? "" : unbroken(model.get("said")); }));
  stops.push(follow(model, ["values"], () => { row.value = model.get("values").row; select(); }));
  stops.push(follow(model, ["marks"], () => redraw(true)));
  const fromPython = () => { const at = model.get("at"); if (steps[at] && at !== stepOf(chosen)) go(at); };
  model.on("change:at", fromPython);
  const themes = new MutationObserver(paint);
  themes.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name", "class"] });
  const sizes = new ResizeObserver(() => { graph.fit(); paint(); }); // not before it is in the page are its colours known
  sizes.observe(graph.frame);
  return () => { pause(); clearTimeout(waiting); clearTimeout(saving); model.off("change:at", fromPython); themes.disconnect(); sizes.disconnect(); stops.forEach((stop) => stop()); };
}

/** What goes in and out, in a line. */
function about(program) {
  return h("p", { class: "about" }, `${counted(program.steps.length, "operation")} in ${program.precision}, from `,
    program.inputs.flatMap((port, index) => [index ? ", " : "", h("code", {}, port.name), ` ${port.type}`]), " to ", program.outputs.flatMap((port, index) => [index ? ", " : "", h("code", {}, port.name)]), ".");
}

export default { render };
