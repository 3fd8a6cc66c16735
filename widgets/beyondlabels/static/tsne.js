// Two pictures of the same points: the data, and their t-SNE map as it forms. The kernel iterates; here the next picture is
// asked for when the last one was drawn, a group follows the hand, and a picked point shows its neighbours on both.
import { h, card, follow, saidLine, unbroken } from "./card.js";
import { choice, legend, numbers, stepper } from "./controls.js";
import { Handle, calm } from "./handle.js";
import { Plane, neighbourMark } from "./plane.js";
import { Questions } from "./questions.js";
import { svg } from "./stage.js";

const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const floats = (view) => new Float32Array(bytes(view).slice().buffer);
const EMPTY = { label: "", unit: "", low: 0, high: 1, decimals: 1 };

function render({ model, el }) {
  const text = model.get("text");
  const questions = new Questions(model);
  const said = saidLine(model);
  let points, places, groups, sent, shift = null, playing = false, handles = [];

  // ---- the two pictures
  const pick = (row) => questions.ask({ do: "pick", row: row < 0 ? null : row });
  const describe = (row) => (row < 0 ? "none; press an arrow key to pick one" : `point ${row + 1} of ${groups.length}${kindOf(row)}`);
  const kindOf = (row) => { const found = model.get("state").legend.find(([group]) => group === groups[row]); return found ? `, ${found[1].split(":")[0]}` : ""; };
  const data = new Plane(model.get("axes"), { label: "on the picture of the data", lined: "strangers", onlayout: drawAll, onpick: pick, describe });
  const map = new Plane([EMPTY, EMPTY], { label: "on the map", bare: true, lined: "lost", onlayout: drawAll, onpick: pick, describe });
  const seen = document.createTextNode("");
  const readings = [h("p", { class: "reading" }), h("p", { class: "reading" })];
  const titled = (title, small, plane, reading) =>
    h("div", {}, h("p", { class: "over-plane" }, h("b", {}, title), h("span", { class: "muted" }, small)), plane.element, reading);
  const pair = h("div", { class: "pair" }, titled("The data", seen, data, readings[0]), titled("The map", "axes and units mean nothing", map, readings[1]));
  const strip = h("div", { class: "strip" });
  const marks = h("ul", { class: "legend marks", "aria-label": "neighbours of the picked point" });

  // ---- controls
  const ask = (question) => { questions.ask(question); play(true, false); };
  const set = choice("points", text.presets, (preset) => ask({ do: "preset", preset }));
  const task = h("p", { class: "task" });
  const nearest = (value) => text.perplexities.reduce((best, each, i) => (Math.abs(each - value) < Math.abs(text.perplexities[best] - value) ? i : best), 0);
  const worded = (index) => { const own = model.get("state").perplexity; return String(nearest(own) === index && questions.idle() ? own : text.perplexities[index]); };
  const perplexity = stepper({ label: "perplexity", min: 0, max: text.perplexities.length - 1, tell: worded, fewer: "lower perplexity", more: "higher perplexity",
    onask: (index) => ask({ do: "perplexity", perplexity: text.perplexities[index] }) });
  const start = choice("start", text.starts.map((name, index) => [index, name]), (value) => ask({ do: "start", start: Number(value) }));
  const knobs = h("div", { hidden: true });
  let knob = null;
  const run = h("button", { class: "primary step", onclick: () => play(!playing) });
  const progress = h("progress", { max: text.iterations, "aria-label": "iterations made" });
  const quality = numbers(["trustworthiness", "continuity"]);
  const note = h("p", { class: "muted note" },
    `Trustworthy: the ${text.near} nearest on the map are near in the data. Continuous: the ${text.near} nearest in the data are near on the map. 1 is best.`);
  const groupsShown = legend("points in each group");
  const controls = h("div", { class: "controls" }, set.element, perplexity.element, knobs, start.element,
    h("div", { class: "row" }, run, progress), quality.element, note, groupsShown.element);
  const root = card("explore tsne", "Explore", text.question, task, h("div", { class: "split" }, h("div", {}, pair, marks, strip), controls), said);

  // ---- the run: one picture after the other, each asked for when the last has come
  function play(on, now = true) {
    playing = on;
    said.setAttribute("aria-live", on ? "off" : "polite"); // while it runs the line changes many times: for the eyes only
    label();
    if (on && now) next();
  }

  function next() {
    questions.ask({ do: model.get("state").done ? "run" : "step", all: calm() });
  }

  function label() {
    const { done, iteration } = model.get("state");
    run.textContent = playing ? "Pause" : done ? "Run again" : iteration ? "Go on" : "Run t-SNE";
  }

  // ---- drawing
  function moved() {
    if (!shift) return points;
    const now = points.slice();
    for (let i = 0; i < groups.length; i++) if (groups[i] === shift.group) { now[2 * i] += shift.by[0]; now[2 * i + 1] += shift.by[1]; }
    return now;
  }

  function drawHandles(stood) {
    while (handles.length > stood.length) handles.pop().remove();
    while (handles.length < stood.length) handles.push(newHandle(handles.length));
    const caughtUp = questions.idle();
    stood.forEach(([, , x, y], group) => {
      const handle = handles[group];
      if (caughtUp && !handle.element.classList.contains("dragged")) handle.held = false;
      if (!handle.held) handle.put(data.toFractions([x, y]));
    });
  }

  function newHandle(group) {
    return new Handle(data, {
      label: `move group ${group + 1}`, text: group + 1, colour: `var(--data-${group})`,
      onmove: (place, drag, done) => {
        const [x, y, topX, topY] = model.get("state").handles[group];
        const from = data.toFractions([topX, topY]);
        shift = { group, by: place.map((part, i) => part - from[i]) };
        data.draw(moved(), groups, null);
        const [toX, toY] = data.toValues(place);
        const kept = (value, { low, high }) => Math.min(high, Math.max(low, value)); // the handle stands above its group
        if (done) ask({ do: "move", group, x: kept(x + toX - topX, data.axes[0]), y: kept(y + toY - topY, data.axes[1]) });
      },
    });
  }

  function drawKnob(state) {
    if (knob?.name !== state.knob?.[0]) {
      knob = null;
      if (state.knob) {
        const [name, min, max] = state.knob;
        knob = { name, ...stepper({ label: name, min, max, onask: (value) => ask({ do: "knob", knob: value }) }) };
      }
      knobs.replaceChildren(...(knob ? [knob.element] : []));
      knobs.hidden = !knob;
    }
    if (knob && questions.idle()) knob.show(state.knob[3]);
  }

  function drawNumbers(state) {
    set.show(state.preset);
    start.show(state.start);
    task.textContent = unbroken(state.task);
    seen.data = state.seen;
    perplexity.range.max = state.most;
    if (questions.idle()) perplexity.show(nearest(state.perplexity));
    drawKnob(state);
    progress.value = state.iteration;
    ["trustworthiness", "continuity"].forEach((name, i) => quality.show(name, state.quality[i]));
    readings.forEach((line, i) => line.replaceChildren(...(state.told ? [`${state.told[0]}: `, h("b", {}, state.told[1 + i])] : [])));
    groupsShown.show(state.legend);
    const [across, up] = model.get("axes");
    data.canvas.setAttribute("aria-label", `The data: ${groups.length} points by ${across.label} and ${up.label}`);
    map.canvas.setAttribute("aria-label", `The t-SNE map of the same ${groups.length} points, iteration ${state.iteration}`);
  }

  function drawPick({ picked }) {
    const words = { kept: "near in both", lost: "near in the data only", strangers: "near on the map only" };
    marks.hidden = !picked;
    marks.replaceChildren(...(picked ? Object.entries(words).map(([kind, told]) => h("li", {},
      svg("svg", { viewBox: "-7 -7 14 14", width: "14", height: "14", "aria-hidden": "true", class: "marks" }, neighbourMark(kind, 0, 0)),
      `${told}: ${picked[kind].length}`)) : []));
    const images = picked?.images;
    strip.hidden = !images;
    if (!images) return;
    const line = (name, list) => h("div", {}, h("span", { class: "muted" }, name), h("span", { class: "images" }, ...list.map((pixels) => picture(images.size, pixels))));
    const [own, ...others] = images.pixels;
    strip.replaceChildren(line("picked", [own]), line("nearest in the data", others.slice(0, text.near)), line("nearest on the map", others.slice(text.near)));
  }

  function picture([height, width], pixels) {
    const canvas = h("canvas", { width, height, "aria-hidden": "true" });
    const context = canvas.getContext("2d");
    context.fillStyle = data.ink;
    pixels.forEach((value, i) => { context.globalAlpha = value / 255; context.fillRect(i % width, Math.floor(i / width), 1, 1); });
    return canvas;
  }

  function drawAll() {
    if (!points || !data.width) return;
    const state = model.get("state");
    data.draw(moved(), groups, shift ? null : state.picked);
    if (map.width) map.draw(places, groups, state.picked);
    drawHandles(state.handles);
    drawPick(state);
  }

  function answer() {
    const state = model.get("state");
    questions.answered(state.token);
    if (sent !== model.get("positions")) {
      sent = model.get("positions");
      points = floats(sent);
      groups = bytes(model.get("groups"));
      if (data.axes !== model.get("axes")) { data.axes = model.get("axes"); data.measure(); }
    }
    if (questions.idle() && !handles.some((handle) => handle.element.classList.contains("dragged"))) shift = null;
    places = floats(model.get("map"));
    drawNumbers(state);
    drawAll();
    root.dataset.frame = model.get("frame");
    root.dataset.done = state.done;
    if (playing && state.done && questions.idle()) play(false);
    else if (playing && questions.idle()) next();
    label();
  }

  el.append(root);
  data.measure();
  map.measure();
  const stop = follow(model, ["frame"], answer);
  return () => {
    playing = false;
    questions.stop();
    data.destroy();
    map.destroy();
    stop();
  };
}

export default { render };
