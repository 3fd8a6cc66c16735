// Four detectors to take in hand: four planes of the same rows, each with its own boundary. The kernel computes; this draws,
// lets the boundary that is pulled follow the hand, and asks for one thing at a time.
import { h, card, follow, saidLine, unbroken } from "./card.js";
import { choice, legend, numbers, stepper, toggle } from "./controls.js";
import { Stage, svg } from "./stage.js";
import { Handle, followPointer, newDrag } from "./handle.js";
import { Questions } from "./questions.js";

const LOWEST = 220; // pixels; four planes are to fit one screen
const MARKS = [[0, "left"], [1, "flagged"], [3, "missed"], [2, "found"]]; // in the order they are drawn
const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const floats = (view) => new Float32Array(bytes(view).slice().buffer);

function render({ model, el }) {
  const text = model.get("text");
  const axes = model.get("axes");
  const questions = new Questions(model);
  const said = saidLine(model);
  let points, lines, strips, groups, count = 0;

  // ---- controls
  const k = stepper({ label: "flagged by each", min: 0, max: model.get("state").scored, tell: (value) => value.toLocaleString("en"),
    speak: (value) => `${value} ${text.noun}`, fewer: "flag one fewer", more: "flag one more", onask: (value) => questions.ask({ do: "k", k: value }) });
  const space = choice("measurements", [["standardised", "standardised"], ["own", "in their own units"]],
    (value) => questions.ask({ do: "scale", scale: value === "standardised" }));
  const learn = choice("learn from", [["all", `all ${text.noun}`], ["usual", "half the usual"]],
    (value) => questions.ask({ do: "learn", learn: value }));
  const reveal = toggle("show the known anomalies", (on) => questions.ask({ do: "reveal", on }));
  const figures = numbers(["on all four lists", "on at least one"]);
  const note = h("p", { class: "muted note" });
  const marks = legend("what the marks mean");
  const known = text.known ? [learn.element, reveal.element] : [];
  const controls = h("div", { class: "controls" }, k.element, space.element, ...known, figures.element, marks.element, note);

  // ---- the four planes
  const planes = text.names.map((name, index) => {
    const stage = new Stage(axes, drawAll, { lowest: LOWEST });
    const line = stage.trails.appendChild(svg("path", { class: "line" }));
    const handle = new Handle(stage, { label: `boundary of ${name}`, text: "", colour: "var(--accent)", onmove: (place, drag, done) => {
      quiet(!done);
      const [x, y] = stage.toValues(place);
      questions.ask({ do: "through", index, x, y });
    } });
    stage.canvas.addEventListener("pointerdown", (event) => { // a finger scrolls the page; it pulls by the handle
      if (event.button !== 0 || event.pointerType === "touch") return;
      const drag = newDrag(), pull = (at, done) => handle.moveTo(stage.toPlace(...at), drag, done);
      let last = stage.fromEvent(event);
      pull(last, false);
      followPointer(stage, stage.canvas, event, (at) => { last = at; pull(at, false); }, () => pull(last, true));
    });
    const caption = h("span", { class: "muted" });
    const strip = svg("svg", { class: "strip", viewBox: "0 0 1000 22", preserveAspectRatio: "none", "aria-hidden": "true" });
    const ticks = MARKS.map(([group, mark]) => strip.appendChild(svg("path", { class: mark, style: `stroke:var(--data-${group})` })));
    const cut = strip.appendChild(svg("path", { class: "cut" }));
    const ends = h("div", { class: "ends muted", "aria-hidden": "true" }, h("span", {}, "odd"), h("span", {}, "usual"));
    const element = h("figure", {}, h("figcaption", {}, h("b", {}, name), caption), stage.element, strip, ends);
    return { name, stage, line, handle, caption, ticks, cut, element };
  });
  const root = card("explore detectors", "Explore", text.question,
    h("div", { class: "split" }, h("div", { class: "planes" }, ...planes.map((plane) => plane.element)), controls), said);

  /** During a drag the line changes many times a second: for the eyes only. */
  function quiet(on) { said.setAttribute("aria-live", on ? "off" : "polite"); }

  // ---- drawing
  function drawPlane(plane, index) {
    const state = model.get("state"), { stage, handle } = plane;
    if (!stage.width) return;
    const own = groups.subarray(index * count, (index + 1) * count);
    stage.drawPoints(points, own);
    plane.line.setAttribute("d", path(stage, state.pieces, index));
    if (questions.idle() && !handle.element.classList.contains("dragged")) handle.held = false;
    if (!handle.held) handle.put(state.handles[index]);
    else handle.show(handle.place);
    handle.element.lastChild.textContent = state.k.toLocaleString("en");
    plane.caption.textContent = unbroken(state.captions[index]);
    stage.canvas.setAttribute("aria-label", `${plane.name}: ${count} ${text.noun} by ${axes[0].label} and ${axes[1].label}; ${state.captions[index]}`);
    const shown = strips.subarray(index * count, (index + 1) * count);
    MARKS.forEach(([group, mark], at) => plane.ticks[at].setAttribute("d", ticksOf(group, mark, own, shown)));
    plane.cut.setAttribute("d", `M${(state.cuts[index] * 1000).toFixed(1)} 0V22`);
  }

  /** The segments of one detector's boundary as path data, in pixels. */
  function path(stage, pieces, index) {
    const start = pieces.slice(0, index).reduce((sum, part) => sum + part, 0);
    const parts = [];
    for (let i = start; i < start + pieces[index]; i++) {
      const [a, b] = [0, 2].map((end) => stage.toPixels([lines[4 * i + end], lines[4 * i + end + 1]]).map((value) => value.toFixed(1)).join(" "));
      parts.push(`M${a}L${b}`);
    }
    return parts.join("");
  }

  /** A tick for each row that bears the mark; known anomalies stand higher. */
  function ticksOf(group, mark, own, shown) {
    const high = mark === "found" || mark === "missed" ? "0V22" : "6V16";
    const parts = [];
    for (let row = 0; row < count; row++) if (own[row] === group) parts.push(`M${(shown[row] * 1000).toFixed(1)} ${high}`);
    return parts.join("");
  }

  function drawAll() {
    if (groups) planes.forEach(drawPlane);
  }

  function drawNumbers(state) {
    k.range.max = state.scored;
    if (questions.idle()) k.show(state.k);
    space.show(state.scale ? "standardised" : "own");
    learn.show(state.learn);
    reveal.show(state.revealed);
    const flags = (row) => planes.reduce((sum, _, index) => sum + [1, 2].includes(groups[index * count + row]), 0);
    let all = 0, any = 0;
    for (let row = 0; row < count; row++) { const times = flags(row); all += times === 4; any += times > 0; }
    figures.show("on all four lists", all.toLocaleString("en"));
    figures.show("on at least one", any.toLocaleString("en"));
    note.textContent = unbroken(state.note);
    marks.show(state.sizes);
  }

  function answer() {
    const state = model.get("state");
    questions.answered(state.token);
    points = floats(model.get("positions"));
    strips = floats(model.get("strips"));
    lines = floats(model.get("lines"));
    groups = bytes(model.get("groups"));
    count = points.length / 2;
    drawAll();
    drawNumbers(state);
    root.dataset.frame = model.get("frame");
  }

  el.append(root);
  planes.forEach((plane) => plane.stage.measure());
  const stop = follow(model, ["frame"], answer);
  return () => {
    questions.stop();
    planes.forEach((plane) => plane.stage.destroy());
    stop();
  };
}

export default { render };
