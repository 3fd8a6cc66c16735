// A window on a long series, the score of every window below it, the threshold, and the events once it was committed to.
import { h, card, follow, saidLine, unbroken } from "./card.js";
import { numbers } from "./controls.js";
import { Stage, figure, say, svg, ticks } from "./stage.js";
import { followPointer } from "./handle.js";
import { Level } from "./level.js";
import { Questions } from "./questions.js";

const YEAR = 12;
const ROWS = { ArrowLeft: -1, ArrowRight: 1, PageDown: -YEAR, PageUp: YEAR };
const INITIALS = "JFMAMJJASOND";
const floats = (view) => new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
const path = (places) => (places.length ? `M${places.map((place) => place.map((value) => value.toFixed(1)).join(" ")).join("L")}` : "");

/** A low stage whose across is years. */
class Strip extends Stage {
  tall() { return this.width < 420 ? 160 : 208; }

  mark(axis, value, decimals) { return axis === this.axes[0] ? String(value) : super.mark(axis, value, decimals); }

  drawGrid() {
    this.margin.left = Math.max(62, this.margin.left); // the same in both, so that a year stands above itself
    super.drawGrid();
  }

  layer(name) { return this.trails.appendChild(svg("path", { class: name })); }
}

/** The window: a frame over its months that is dragged, or moved with the arrow keys. */
class Frame {
  constructor(stage, { length, windows, onmove }) {
    Object.assign(this, { stage, length, windows, onmove, held: false, row: null });
    this.rect = svg("rect", { rx: 3 });
    this.element = svg("g", { class: "frame", tabindex: "0", role: "slider", "aria-label": "window", "aria-valuemin": 0, "aria-valuemax": windows - 1 }, this.rect);
    this.element.addEventListener("pointerdown", (event) => this.drag(event));
    this.element.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false }); // drag, do not scroll
    this.element.addEventListener("keydown", (event) => this.key(event));
    stage.over.append(this.element);
  }

  get months() { return this.windows + this.length - 1; }

  put(row) {
    this.row = row;
    this.element.setAttribute("aria-valuenow", row);
    if (!this.stage.width) return;
    const [left, top] = this.stage.toPixels([row / this.months, 1]);
    const [right, bottom] = this.stage.toPixels([(row + this.length) / this.months, 0]);
    const wide = Math.max(right - left, 10); // to be seen and grasped on a narrow screen
    const places = { x: (left + right - wide) / 2, y: top + 1, width: wide, height: bottom - top - 2 };
    for (const [name, value] of Object.entries(places)) this.rect.setAttribute(name, value.toFixed(1));
  }

  moveTo(row, done) {
    const kept = Math.min(this.windows - 1, Math.max(0, Math.round(row)));
    this.held = true;
    this.put(kept);
    this.onmove(kept, done);
  }

  /** The window whose middle lies at a pixel. */
  rowAt(x) { return this.stage.toPlace(x, 0)[0] * this.months - this.length / 2; }

  drag(event) {
    if (event.button !== 0) return;
    this.element.focus();
    const grip = this.row - this.rowAt(this.stage.fromEvent(event)[0]);
    this.element.classList.add("dragged");
    followPointer(this.stage, this.element, event,
      ([x]) => this.moveTo(this.rowAt(x) + grip, false),
      () => { this.element.classList.remove("dragged"); this.moveTo(this.row, true); });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const ends = { Home: 0, End: this.windows - 1 };
    const step = ROWS[event.key] * (event.shiftKey ? YEAR : 1);
    const row = event.key in ends ? ends[event.key] : this.row + step;
    if (Number.isNaN(row)) return;
    event.preventDefault();
    this.moveTo(row, true);
  }
}

/** The months of the window against what is usual for them. */
function close(axis, length, first) {
  const [width, height, left, right, top, bottom] = [264, 150, 30, 8, 8, 20];
  const x = (i) => left + ((i + 0.5) / length) * (width - left - right);
  const y = (value) => height - bottom - ((value - axis.low) / (axis.high - axis.low)) * (height - bottom - top);
  const [gap, usual, line, dots] = ["gap", "usual", "line", "dots"].map((name) => svg("path", { class: name }));
  const sides = ticks(axis, 4), sideMarks = sides.found.flatMap((value) => [svg("path", { class: "grid", d: `M${left} ${y(value)}H${width - right}` }), svg("text", { x: left - 5, y: y(value) + 4, "text-anchor": "end" }, figure(value, sides.decimals))]);
  const names = Array.from({ length }, (_, i) => svg("text", { x: x(i), y: height - 5, "text-anchor": "middle" }));
  const element = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "close" }, ...sideMarks, gap, usual, line, dots, ...names);

  function show({ window, values, usual: normal, span }) {
    const places = values.map((value, i) => [x(i), y(value)]), below = normal.map((value, i) => [x(i), y(value)]);
    line.setAttribute("d", path(places));
    usual.setAttribute("d", path(below));
    gap.setAttribute("d", `${path([...places, ...below.slice().reverse()])}Z`);
    dots.setAttribute("d", places.map(([px, py]) => `M${px.toFixed(1)} ${py.toFixed(1)}h0`).join(""));
    names.forEach((name, i) => { name.textContent = length > 18 && i % 3 ? "" : INITIALS[(first - 1 + window + i) % YEAR]; });
    const mean = values.reduce((sum, value, i) => sum + value - normal[i], 0) / length;
    element.setAttribute("aria-label", `${span}: on average ${say(axis, Math.abs(mean))} ${mean < 0 ? "below" : "above"} the seasonal mean of the same months`);
  }

  return { element, show };
}

function render({ model, el }) {
  const text = model.get("text");
  const questions = new Questions(model);
  const said = saidLine(model);
  const [years, value] = model.get("axes");
  const top = new Strip([years, value], drawAll);
  const bottom = new Strip([years, model.get("score_axis")], drawAll);
  const line = floats(model.get("positions")), scores = floats(model.get("scores"));
  const telling = (done) => said.setAttribute("aria-live", done ? "polite" : "off"); // during a drag the line changes many times a second

  // ---- what lies on the strips
  const [eventsAbove, seriesLine, windowLine] = ["events", "series", "inside"].map((name) => top.layer(name));
  const [eventsBelow, falseAlarms, scoreLine, alarmLine, levelLine, here] = ["events", "false", "scores", "alarm", "level", "here"].map((name) => bottom.layer(name));
  const frame = new Frame(top, { length: text.length, windows: text.windows, onmove: (row, done) => { telling(done); drawWindow(); questions.ask({ do: "window", window: row }); } });
  const eventNames = top.over.appendChild(svg("g", { class: "names", "aria-hidden": "true" })); // above the frame, to be read through it
  const level = new Level(bottom, { label: "threshold", onmove: ([, v], drag, done) => { telling(done); drawLevel(); questions.ask({ do: "threshold", threshold: bottom.toValues([1, v])[1] }); } });
  for (const strip of [top, bottom]) {
    strip.element.addEventListener("pointerdown", (event) => {
      if (event.button === 0 && !event.target.closest(".frame, .handle")) frame.moveTo(frame.rowAt(strip.fromEvent(event)[0]), true);
    });
  }

  // ---- controls
  const near = close(value, text.length, text.month);
  const key = h("small", { class: "key" });
  const span = h("strong", { class: "span" });
  const figures = numbers(["score", "threshold", "alarms", "caught", "missed", "false alarms"]);
  const commit = h("button", { class: "primary step", onclick: () => questions.ask({ do: "commit" }) }, "Commit");
  const again = h("button", { onclick: () => questions.ask({ do: "again" }) }, "Start again");
  const next = h("button", { onclick: () => questions.ask({ do: "next" }) }, "Next alarm");
  const controls = h("div", { class: "controls" }, h("div", {}, span, near.element, h("small", {}, "solid: this window; dashed: the seasonal mean")),
    figures.element, h("div", { class: "row" }, commit, next, again));
  const root = card("explore windows", "Explore", text.question,
    h("div", { class: "split" }, h("div", { class: "strips" }, top.element, bottom.element, key), controls), said);

  // ---- drawing
  const monthPlace = (i) => top.toPixels([line[2 * i], line[2 * i + 1]]);
  const scorePlace = (row) => bottom.toPixels([line[2 * (row + text.length - 1)], scores[row]]); // known when its last month is
  const range = (first, last, place) => path(Array.from({ length: last - first + 1 }, (_, i) => place(first + i)));

  function drawWindow() {
    if (!top.width || !bottom.width || frame.row === null) return;
    frame.put(frame.row);
    windowLine.setAttribute("d", range(frame.row, frame.row + text.length - 1, monthPlace));
    const [x, y] = scorePlace(frame.row);
    here.setAttribute("d", `M${x.toFixed(1)} ${y.toFixed(1)}h0`);
  }

  function drawLevel() {
    if (!bottom.width || !level.place) return;
    level.put(level.place);
    const [right, y] = bottom.toPixels([1, level.place[1]]);
    levelLine.setAttribute("d", `M${bottom.toPixels([0, 0])[0]} ${y.toFixed(1)}H${right - 14}`);
    let above = "";
    for (let row = 0; row < scores.length; row++) {
      if (scores[row] <= level.place[1]) continue;
      const [x, up] = scorePlace(row);
      above += `M${x.toFixed(1)} ${y.toFixed(1)}V${up.toFixed(1)}`;
    }
    alarmLine.setAttribute("d", above);
  }

  function drawEvents() {
    const { events, false: wrong } = model.get("state"), months = frame.months, wide = top.width >= 480;
    const band = (strip, first, stop) => {
      const [x, high] = strip.toPixels([first / months, 1]), [end, low] = strip.toPixels([stop / months, 0]);
      return `M${x.toFixed(1)} ${high}H${end.toFixed(1)}V${low}H${x.toFixed(1)}Z`;
    };
    eventsAbove.setAttribute("d", events.map(([, first, stop]) => band(top, first, stop)).join(""));
    eventsBelow.setAttribute("d", events.map(([, first, stop]) => band(bottom, first, stop)).join(""));
    falseAlarms.setAttribute("d", wrong.map(([first, last]) => {
      const row = Array.from({ length: last - first + 1 }, (_, i) => first + i).reduce((best, one) => (scores[one] > scores[best] ? one : best));
      const [x, y] = scorePlace(row);
      return `M${(x - 3.5).toFixed(1)} ${(y - 13).toFixed(1)}l7 7m-7 0l7 -7`;
    }).join(""));
    eventNames.replaceChildren(...events.map(([name, first, stop, caught], i) => {
      const [x, y] = top.toPixels([(first + stop) / 2 / months, 1]);
      return svg("text", { x: x.toFixed(1), y: y + 12 + 15 * (wide && i % 2), "text-anchor": "middle", class: caught ? "caught" : "missed" }, `${caught ? "✓" : "○"}${wide ? ` ${name}` : ""}`);
    }));
  }

  function drawAll() {
    if (!top.width || !bottom.width) return;
    seriesLine.setAttribute("d", range(0, frame.months - 1, monthPlace));
    scoreLine.setAttribute("d", range(0, scores.length - 1, scorePlace));
    drawWindow();
    drawLevel();
    drawEvents();
  }

  function drawNumbers(state) {
    const axis = model.get("score_axis"), shown = state.committed !== null;
    span.textContent = unbroken(state.span);
    frame.element.setAttribute("aria-valuetext", state.span);
    near.show(state);
    figures.show("score", say(axis, state.score), state.score > state.threshold ? "alarm" : "");
    figures.show("threshold", say(axis, state.threshold), shown && state.committed !== state.threshold ? `committed ${say(axis, state.committed)}` : "");
    figures.show("alarms", String(state.alarms.length));
    const caught = state.events.filter((event) => event[3]).length;
    figures.show("caught", shown ? `${caught} of ${text.events}` : "–");
    figures.show("missed", shown ? String(text.events - caught) : "–");
    const alone = state.false.reduce((sum, [first, last]) => sum + last - first + 1, 0);
    figures.show("false alarms", shown ? String(state.false.length) : "–", alone ? `${alone} ${alone > 1 ? "windows" : "window"}` : "");
    key.textContent = "Each score stands at the last month of its window; orange is above the threshold."
      + (shown ? ` Shaded: ${text.noun}, ✓ caught, ○ missed. × marks a false alarm: windows in a row that touch none.` : "");
    top.canvas.setAttribute("aria-label", `${value.label} of ${frame.months} months as a line${shown ? `, with ${text.events} ${text.noun} shaded` : ""}`);
    bottom.canvas.setAttribute("aria-label", `${axis.label} of ${text.windows} windows as a line, each at its last month, with the threshold`);
  }

  function answer() {
    const state = model.get("state");
    questions.answered(state.token);
    if (questions.idle()) {
      if (!frame.element.classList.contains("dragged")) frame.held = false;
      if (!level.element.classList.contains("dragged")) level.held = false;
    }
    if (!frame.held) frame.put(state.window);
    if (!level.held) level.put([1, bottom.toFractions([0, state.threshold])[1]]);
    drawAll();
    drawNumbers(state);
    root.dataset.frame = model.get("frame");
  }

  el.append(root);
  for (const strip of [top, bottom]) strip.measure();
  const stop = follow(model, ["frame"], answer);
  return () => {
    questions.stop();
    for (const strip of [top, bottom]) strip.destroy();
    stop();
  };
}

export default { render };
