// DBSCAN to take in hand: a circle to carry and to resize, and the flood, wave by wave. The kernel computes; this draws.
import { h, card, follow, saidLine } from "./card.js";
import { numbers, player, stepper } from "./controls.js";
import { Stage, figure, svg } from "./stage.js";
import { Handle, followPointer, newDrag } from "./handle.js";
import { Questions } from "./questions.js";

const GRIP = 20; // pixels from the rim to the knob that resizes
const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

function render({ model, el }) {
  const text = model.get("text");
  const stage = new Stage(model.get("axes"), drawAll, { equal: true });
  const questions = new Questions(model);
  const said = saidLine(model);
  const radius = (value) => `${figure(value, text.decimals)} ${text.unit}`.trim();
  let points, sent, groups, eps = model.get("state").eps, gripped = false;

  // ---- controls
  const size = stepper({ label: "circle, eps", min: text.least, max: text.most, step: text.least, tell: radius,
    fewer: "smaller circle", more: "larger circle", onask: askEps });
  const least = stepper({ label: "at least, min_samples", min: 1, max: text.most_samples, tell: (value) => `${value} ${value === 1 ? text.one : text.noun}`,
    fewer: "fewer needed", more: "more needed", onask: (value) => questions.ask({ do: "min_samples", min_samples: value }) });
  const zoom = stepper({ label: "zoom", min: 1, max: 8, tell: (value) => `${value} ×`, fewer: "zoom out", more: "zoom in", onask: look });
  const step = h("button", { class: "primary step", onclick: () => { play.pause(); questions.ask({ do: "step" }); } });
  const play = player(() => questions.ask({ do: "step" }), 240);
  const run = h("button", { onclick: () => { play.pause(); questions.ask({ do: "run" }); } }, "Run to the end");
  const reset = h("button", { onclick: () => { play.pause(); questions.ask({ do: "reset" }); } }, "Reset");
  const figures = numbers(["clusters", "core", "border", "noise", ...text.places.map(([name]) => name)]);
  const key = h("ul", { class: "legend", "aria-label": "markers" }, ...[["core", "filled: core"], ["border", "hollow: border"], ["noise", "cross: noise"]]
    .map(([kind, words]) => h("li", {}, marker(kind), words)), h("li", {}, "Clusters take turns with six colours."));
  const controls = h("div", { class: "controls" }, size.element, least.element, zoom.element,
    h("div", { class: "row" }, step, play.element, run, reset), figures.element, key);
  const root = card("explore dbscan", "Explore", text.question, h("div", { class: "split" }, stage.element, controls), said);

  // ---- the circle: its middle is a handle, its rim has a knob
  const circles = stage.trails.appendChild(svg("g", { class: "front" }));
  const names = stage.trails.appendChild(svg("g", { class: "places" }));
  const circle = stage.trails.appendChild(svg("circle", { class: "reach-circle" }));
  const count = stage.trails.appendChild(svg("text", { class: "count", "text-anchor": "middle" }));
  const stalk = stage.trails.appendChild(svg("path", { class: "stalk" }));
  const spot = new Handle(stage, {
    label: "the circle", text: "", colour: "var(--accent)", onplace: drawCircle,
    onmove: (place, drag, done) => {
      quiet(!done);
      const [x, y] = stage.toValues(place);
      questions.ask({ do: "spot", x, y });
    },
  });
  const knob = stage.over.appendChild(svg("g", { class: "handle knob", tabindex: "0", role: "slider", "aria-label": "radius, eps",
    "aria-valuemin": text.least, "aria-valuemax": text.most }, ...[["reach", 18], ["focus", 13], ["halo", 10], ["ring", 6.5]].map(([name, r]) => svg("circle", { class: name, r }))));
  knob.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  knob.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    askEps(eps + way * text.least * (event.shiftKey ? 10 : 1));
  });
  knob.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    knob.focus();
    const middle = stage.toPixels(spot.shown);
    gripped = newDrag();
    quiet(true);
    followPointer(stage, knob, event, ([x, y]) => askEps((Math.hypot(x - middle[0], y - middle[1]) - GRIP) / scale()),
      () => { gripped = false; quiet(false); });
  });

  /** Magnify around the circle; at 1 × the whole map. */
  function look(value) {
    stage.look(value, value > 1 ? spot.place : [0.5, 0.5]);
    drawAll();
  }

  /** Pixels of one unit; the same across and up. */
  function scale() {
    const [left, right] = stage.edges();
    const [{ low, high }] = stage.axes;
    return (right - left) / (high - low);
  }

  function askEps(value) {
    const steps = Math.round(Math.min(text.most, Math.max(text.least, value)) / text.least);
    eps = Number((steps * text.least).toFixed(text.decimals));
    size.show(eps);
    drawCircle();
    questions.ask({ do: "eps", eps });
  }

  /** During a drag the line changes many times a second: for the eyes only. */
  function quiet(on) { said.setAttribute("aria-live", on ? "off" : "polite"); }

  // ---- drawing
  function drawCircle() {
    if (!stage.width || !spot.shown) return;
    const [x, y] = stage.toPixels(spot.shown), r = eps * scale();
    const side = x + r + GRIP + 12 > stage.width ? -1 : 1, slant = Math.SQRT1_2;
    const at = (far) => [x + side * far * slant, y + far * slant];
    for (const [name, value] of Object.entries({ cx: x, cy: y, r })) circle.setAttribute(name, value.toFixed(1));
    stalk.setAttribute("d", `M${at(r).join(" ")}L${at(r + GRIP).join(" ")}`);
    knob.setAttribute("transform", `translate(${at(r + GRIP).map((value) => value.toFixed(1)).join(" ")})`);
    knob.setAttribute("aria-valuenow", eps);
    knob.setAttribute("aria-valuetext", radius(eps));
    const high = y - r - 16 < 12;
    count.setAttribute("x", x);
    count.setAttribute("y", high ? y + r + 22 : y - Math.max(r, 8) - 8);
  }

  function drawLines() {
    const { left, right, top, bottom } = stage.margin;
    stage.drawLines(text.lines);
    const seen = ([x, y]) => x > left && x < stage.width - right && y > top && y < stage.height - bottom;
    names.replaceChildren(...text.places.filter(([, u, v]) => seen(stage.toPixels([u, v]))).map(([name, u, v]) => {
      const [x, y] = stage.toPixels([u, v]);
      const end = x > stage.width * 0.6;
      return svg("text", { x: x + (end ? -12 : 12), y: y + 4, "text-anchor": end ? "end" : "start" }, name);
    }));
  }

  function drawState(state, fresh) {
    if (questions.idle() && !gripped) eps = state.eps;
    if (questions.idle() && !spot.element.classList.contains("dragged")) spot.held = false;
    if (!spot.held) spot.put(stage.toFractions(state.spot), fresh && state.travel && stage.zoom === 1);
    if (!stage.width) return;
    drawCircle();
    const unit = scale();
    circles.replaceChildren(...state.front.map((place) => {
      const [cx, cy] = stage.toPixels(stage.toFractions(place));
      return svg("circle", { cx: cx.toFixed(1), cy: cy.toFixed(1), r: (state.eps * unit).toFixed(1) });
    }));
    count.textContent = `${state.inside.toLocaleString("en")} inside`;
    circle.classList.toggle("dense", state.dense);
  }

  function drawNumbers(state) {
    if (questions.idle() && !gripped) {
      size.show(state.eps);
      least.show(state.min_samples);
    }
    step.textContent = state.done ? "Step" : state.flooding ? "Step: spread" : "Step: start a cluster";
    step.setAttribute("aria-disabled", state.done);
    for (const name of ["clusters", "core", "border"]) figures.show(name, state.begun ? state[name] : "–");
    figures.show("noise", state.noise, state.share);
    for (const [name, words] of state.places) figures.show(name, words);
    const [across, up] = stage.axes;
    const found = state.begun ? `${state.clusters} clusters, ${state.core} core, ${state.border} border, ${state.noise} noise` : "none in a cluster yet";
    stage.canvas.setAttribute("aria-label", `Map of ${groups.length} ${text.noun} by ${across.label} and ${up.label}, ${found}`);
  }

  function drawAll() {
    if (!points || !stage.width) return;
    drawLines();
    stage.drawPoints(points, groups);
    drawState(model.get("state"), false);
  }

  function answer() {
    const state = model.get("state");
    questions.answered(state.token);
    if (sent !== model.get("positions")) {
      sent = model.get("positions");
      points = new Float32Array(bytes(sent).slice().buffer);
    }
    groups = bytes(model.get("groups"));
    const away = state.travel && stage.zoom > 1 && stage.toFractions(state.spot).some((part, i) => Math.abs(part - stage.focus[i]) > 0.3 / stage.zoom);
    if (away) {
      spot.put(stage.toFractions(state.spot));
      look(stage.zoom);
    } else {
      stage.drawPoints(points, groups);
      drawState(state, true);
    }
    drawNumbers(state);
    root.dataset.frame = model.get("frame");
    play.answered(state.done);
  }

  el.append(root);
  zoom.show(1);
  stage.measure();
  const stop = follow(model, ["frame"], answer);
  drawAll();
  return () => {
    play.pause();
    questions.stop();
    stage.destroy();
    stop();
  };
}

/** The three kinds of marker, small, for the legend. */
function marker(kind) {
  const shape = kind === "noise" ? svg("path", { d: "M-3.5 -3.5L3.5 3.5M-3.5 3.5L3.5 -3.5" }) : svg("circle", { r: "4" });
  return svg("svg", { viewBox: "-7 -7 14 14", width: "14", height: "14", class: `kind ${kind}`, "aria-hidden": "true" }, shape);
}

export default { render };
