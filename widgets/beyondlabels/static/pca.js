// An axis to turn by hand. What follows the hand is geometry and drawn at once; every number comes from the kernel.
import { h, card, follow, saidLine } from "./card.js";
import { numbers, toggle } from "./controls.js";
import { Stage, figure, svg } from "./stage.js";
import { Handle, newDrag } from "./handle.js";
import { Questions } from "./questions.js";

const MOST_DROPS = 1000;
const STEP = 1, LEAP = 10; // degrees for an arrow key; with Shift
const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const radians = (degrees) => (degrees * Math.PI) / 180;
const told = (degrees) => { const turned = degrees % 180; return turned > 90 ? turned - 180 : turned <= -90 ? turned + 180 : turned; };
const percent = (share) => `${figure(100 * share, 1)} %`;

/** A stage on which one unit is as long across as it is up: the shorter range is widened around its middle. */
class EqualStage extends Stage {
  measure() {
    this.given ??= this.axes;
    this.axes = this.given;
    super.measure();
    for (let round = 0; round < 2 && this.width; round++) { // the second time with the room that the new numbers need
      const { left, right, top, bottom } = this.margin;
      const room = [this.width - left - right, this.height - top - bottom];
      const longest = Math.max(...this.given.map(({ low, high }, i) => (high - low) / room[i]));
      this.axes = this.given.map((axis, i) => {
        const middle = (axis.low + axis.high) / 2, half = (longest * room[i]) / 2;
        return { ...axis, low: middle - half, high: middle + half };
      });
      super.measure();
    }
  }

  /** Pixels for one unit. */
  get scale() { return this.toPixels(this.toFractions([1, 0]))[0] - this.toPixels(this.toFractions([0, 0]))[0]; }
}

/** The end of the axis: a handle that goes round the mean and tells its angle. */
class Tip extends Handle {
  constructor(stage, options) {
    super(stage, { label: "end of the axis", text: "", colour: "var(--data-0)", ...options });
    this.element.removeAttribute("aria-roledescription");
    for (const [name, value] of [["valuemin", -180], ["valuemax", 180]]) this.element.setAttribute(`aria-${name}`, value);
  }

  /** Stand at an angle; -180 to 180, so that it can be led all the way round. */
  turnTo(degrees) {
    this.degrees = degrees - 360 * Math.round(degrees / 360);
    this.put(this.placeOf(this.degrees));
    this.element.setAttribute("aria-valuenow", this.degrees.toFixed(1));
    this.element.setAttribute("aria-valuetext", `axis at ${figure(told(this.degrees), 1)} degrees`);
  }

  moveTo([u, v], drag, done) {
    const [x, y] = this.stage.toPixels([u, v]), [mx, my] = this.middle();
    if (Math.hypot(x - mx, y - my) > 4) this.turned((Math.atan2(my - y, x - mx) * 180) / Math.PI, drag, done);
  }

  turned(degrees, drag, done) {
    this.held = true;
    this.turnTo(degrees);
    this.onmove(this.degrees, drag, done);
  }

  key(event) {
    const way = KEYS[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.turned(Math.round(this.degrees) + way * (event.shiftKey ? LEAP : STEP), newDrag(), true);
  }
}

/** What was kept at each angle tried, and after the commit the whole curve. */
function history() {
  const [width, height, left, bottom] = [264, 104, 30, 20];
  const x = (angle) => left + ((angle + 90) / 180) * (width - left - 8);
  const y = (share) => height - bottom - share * (height - bottom - 8);
  const grid = [0, 0.5, 1].flatMap((share) => [
    svg("path", { class: "line", d: `M${left} ${y(share)}H${width - 8}` }),
    svg("text", { x: left - 5, y: y(share) + 3.5, "text-anchor": "end" }, `${100 * share}`),
  ]);
  const labels = [-90, 0, 90].map((angle) => svg("text", { x: x(angle), y: height - 4, "text-anchor": angle < 0 ? "start" : angle ? "end" : "middle" }, `${figure(angle, 0)}°`));
  const curve = svg("path", { class: "curve" }), dots = svg("path", { class: "dots" }), here = svg("circle", { class: "here", r: "4.5" });
  const element = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "history" }, ...grid, ...labels, curve, dots, here);

  function show({ tried, angle, kept, answer }) {
    dots.setAttribute("d", tried.map(([at, share]) => `M${x(at).toFixed(1)} ${y(share).toFixed(1)}h0`).join(""));
    here.setAttribute("cx", x(angle));
    here.setAttribute("cy", y(kept));
    const at = (degrees) => (answer.most + answer.least) / 2 + ((answer.most - answer.least) / 2) * Math.cos(2 * radians(degrees - answer.angle));
    const steps = Array.from({ length: 61 }, (_, i) => -90 + 3 * i);
    curve.setAttribute("d", answer ? `M${steps.map((degrees) => `${x(degrees).toFixed(1)} ${y(at(degrees)).toFixed(1)}`).join("L")}` : "");
    element.setAttribute("aria-label", `Variance kept, in per cent, at the ${tried.length} angles tried so far`
      + (answer ? `; the whole curve has its top at ${figure(answer.angle, 1)} degrees` : ""));
  }

  return { element, show };
}

function render({ model, el }) {
  const text = model.get("text");
  const stage = new EqualStage(model.get("axes"), drawAll);
  const questions = new Questions(model);
  const said = saidLine(model);
  let given, points, shownAxes = JSON.stringify(model.get("axes"));

  // ---- controls
  const kept = h("div", { class: "kept" }), lost = h("div", { class: "lost" }), best = h("div", { class: "best" });
  const bar = h("div", { class: "shares", role: "img" }, kept, lost, best);
  const figures = numbers(["kept", "lost", "angle", "away from PCA"]);
  const tried = history();
  const commit = h("button", { class: "primary step", onclick: () => questions.ask({ do: "commit" }) }, "Commit");
  const again = h("button", { onclick: () => questions.ask({ do: "again" }) }, "Start again");
  const space = toggle("standardise both columns", (on) => questions.ask({ do: "scale", scale: on }));
  const note = h("p", { class: "muted note" });
  const controls = h("div", { class: "controls" }, h("div", { class: "row" }, commit, again), bar, figures.element,
    h("div", {}, h("small", {}, "Variance kept (%) at the angles you tried"), tried.element), space.element, note);
  const root = card("explore pca", "Explore", text.question, h("div", { class: "split" }, stage.element, controls), said);

  // ---- the axis
  const layer = (name) => stage.trails.appendChild(svg("path", { class: name }));
  const [drops, answerLine, arc, line, feet] = ["drops", "answer", "arc", "axis", "feet"].map(layer);
  const answerName = stage.trails.appendChild(svg("text", { class: "title" }, "PCA"));
  const middle = stage.trails.appendChild(svg("circle", { class: "middle", r: "3.5" }));
  const centre = () => stage.toPixels(stage.toFractions(model.get("state").centre));
  const reach = () => {
    const [x, y] = centre(), { left, right, top, bottom } = stage.margin;
    return 0.86 * Math.min(x - left, stage.width - right - x, y - top, stage.height - bottom - y);
  };
  const onCircle = (degrees, r) => { const [x, y] = centre(); return [x + r * Math.cos(radians(degrees)), y - r * Math.sin(radians(degrees))]; };
  const tip = new Tip(stage, {
    onmove: (angle, drag, done) => {
      said.setAttribute("aria-live", done ? "polite" : "off"); // during a drag the line changes many times a second
      drawAxis();
      questions.ask({ do: "turn", angle, drag, done });
    },
  });
  tip.middle = centre;
  tip.placeOf = (degrees) => stage.toPlace(...onCircle(degrees, reach()));

  /** The line through the mean at an angle, as long as the plot allows. */
  function through(degrees) {
    const [x, y] = centre(), { left, right, top, bottom } = stage.margin;
    const [across, up] = [Math.cos(radians(degrees)), -Math.sin(radians(degrees))];
    const room = (sign) => Math.min(
      Math.abs(across) < 1e-9 ? Infinity : ((across * sign > 0 ? stage.width - right : left) - x) / (across * sign),
      Math.abs(up) < 1e-9 ? Infinity : ((up * sign > 0 ? stage.height - bottom : top) - y) / (up * sign));
    return [1, -1].map((sign) => [x + sign * across * room(sign), y + sign * up * room(sign)]);
  }

  const path = (ends) => `M${ends.map((end) => end.map((value) => value.toFixed(1)).join(" ")).join("L")}`;

  function drawAxis() {
    if (!stage.width || tip.degrees === undefined) return;
    const [x, y] = centre(), turned = radians(tip.degrees);
    const [across, up] = [Math.cos(turned), -Math.sin(turned)];
    line.setAttribute("d", path(through(tip.degrees)));
    middle.setAttribute("transform", `translate(${x} ${y})`);
    const rows = text.rows, every = Math.ceil(rows / MOST_DROPS);
    let down = "", foot = "";
    for (let i = 0; i < rows; i += every) {
      const [px, py] = stage.toPixels([points[2 * i], points[2 * i + 1]]);
      const along = (px - x) * across + (py - y) * up;
      const at = `${(x + along * across).toFixed(1)} ${(y + along * up).toFixed(1)}`;
      down += `M${px.toFixed(1)} ${py.toFixed(1)}L${at}`;
      foot += `M${at}h0`;
    }
    drops.setAttribute("d", down);
    feet.setAttribute("d", foot);
    drawAnswer();
  }

  function drawAnswer() {
    const { answer } = model.get("state");
    for (const part of [answerLine, arc]) part.setAttribute("d", "");
    answerName.style.display = answer ? "" : "none";
    if (!answer) return;
    const ends = through(answer.angle);
    answerLine.setAttribute("d", path(ends));
    const [ex, ey] = ends[0][0] > ends[1][0] ? ends[0] : ends[1];
    answerName.setAttribute("transform", `translate(${(ex - 18).toFixed(1)} ${(ey + (ey < 40 ? 30 : -10)).toFixed(1)})`);
    const r = reach() * 0.78;
    const from = told(answer.angle), to = from + told(tip.degrees - answer.angle);
    const [a, b] = [onCircle(from, r), onCircle(to, r)];
    if (Math.abs(to - from) > 0.5) arc.setAttribute("d", `M${a.join(" ")}A${r} ${r} 0 0 ${to > from ? 0 : 1} ${b.join(" ")}`);
  }

  // ---- drawing
  function readPoints() {
    given = new Float32Array(bytes(model.get("positions")).slice().buffer);
    points = given.slice();
    for (let i = 0; i < given.length; i++) { // from fractions of the range given to those of the range shown
      const axis = i % 2, { low, high } = stage.given[axis];
      const value = low + given[i] * (high - low);
      points[i] = (value - stage.axes[axis].low) / (stage.axes[axis].high - stage.axes[axis].low);
    }
  }

  function drawAll() {
    if (!stage.width) return;
    readPoints();
    stage.drawPoints(points, bytes(model.get("groups")));
    if (tip.degrees !== undefined) tip.turnTo(tip.degrees);
    drawAxis();
  }

  function drawNumbers(state) {
    kept.style.width = `${100 * state.kept}%`;
    lost.style.width = `${100 * state.lost}%`;
    best.style.display = state.answer ? "" : "none";
    if (state.answer) best.style.left = `${100 * state.answer.most}%`;
    bar.setAttribute("aria-label", `${percent(state.kept)} of the variance kept, ${percent(state.lost)} lost`
      + (state.answer ? `; PCA keeps ${percent(state.answer.most)}` : ""));
    figures.show("kept", percent(state.kept), state.answer ? `of ${percent(state.answer.most)} possible` : "");
    figures.show("lost", percent(state.lost));
    figures.show("angle", `${figure(told(state.angle), 1)}°`);
    figures.show("away from PCA", state.answer ? `${figure(state.answer.apart, 1)}°` : "–");
    tried.show(state);
    space.show(state.scale);
    note.textContent = text.rows > MOST_DROPS ? `Drops are drawn for one row in ${Math.ceil(text.rows / MOST_DROPS)}.` : "";
    note.hidden = !note.textContent;
    const [across, up] = model.get("axes");
    stage.canvas.setAttribute("aria-label", `Scatter of ${text.rows} ${text.noun} by ${across.label} and ${up.label}, with an axis through their mean`);
  }

  function answer() {
    const state = model.get("state");
    questions.answered(state.token);
    const axes = JSON.stringify(model.get("axes"));
    if (axes !== shownAxes) {
      shownAxes = axes;
      stage.given = model.get("axes");
      stage.measure();
    }
    if (questions.idle() && !tip.element.classList.contains("dragged")) tip.held = false;
    if (!tip.held && (tip.degrees === undefined || Math.abs(told(tip.degrees - state.angle)) > 0.05)) {
      tip.degrees = state.angle;
    }
    drawAll();
    drawNumbers(state);
    root.dataset.frame = model.get("frame");
  }

  el.append(root);
  stage.measure();
  const stop = follow(model, ["frame"], answer);
  return () => {
    questions.stop();
    stage.destroy();
    stop();
  };
}

export default { render };
