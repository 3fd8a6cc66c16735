// A mixture of Gaussians to take in hand. The kernel computes; this draws ellipses and mixed colours, lets what is dragged
// follow the hand, and asks for one thing at a time.
import { h, card, saidLine } from "./card.js";
import { choice, legend, numbers, player, stepper } from "./controls.js";
import { DRAGGABLE, SHAPES, Stage, svg } from "./stage.js";
import { Handle, sliderAttributes } from "./handle.js";
import { Ellipse } from "./ellipse.js";
import { Questions, present } from "./questions.js";

const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const KINDS = [["full", "full: each its own"], ["tied", "tied: one for all"], ["diag", "diag: no turning"], ["spherical", "spherical: circles"]];
const FREE = { full: "turn", tied: "turn", diag: "stretch", spherical: "round" };
const COARSE = 12; // steps of a mixed colour, so that few markers have to be drawn anew

function render({ model, el }) {
  const text = model.get("text");
  const stage = new Stage(model.get("axes"), drawAll);
  const questions = new Questions(model);
  const said = saidLine(model);
  let points, groups, paint, ellipses = [], picked = 0, probe = null;

  // ---- controls
  const ask = (question) => { play.pause(); questions.ask(question); };
  const k = stepper({ label: "ellipses k", min: 1, max: text.most, speak: (value) => `${value} ellipses`, fewer: "one ellipse fewer", more: "one ellipse more",
    onask: (value) => ask({ do: "k", k: value }) });
  const shape = choice("covariance", KINDS, (value) => ask({ do: "shape", shape: value }));
  const start = choice("start", text.starts, (value) => ask({ do: "start", start: value }));
  const space = choice("measured", [["standardised", "standardised"], ["own", "in own units"]],
    (value) => ask({ do: "scale", scale: value === "standardised" }));
  const step = h("button", { class: "primary step", onclick: () => ask({ do: "step" }) });
  const play = player(() => questions.ask({ do: "round" }), 320);
  const reset = h("button", { onclick: () => ask({ do: "reset" }) }, "Reset");
  const figures = numbers(["log-likelihood", "BIC", "in doubt", "rounds"]);
  const note = h("p", { class: "muted note" }, "A point's colour is mixed from its shares, its mark is its most probable ellipse. "
    + "Ellipses lie at one and two standard deviations. BIC: smaller is better.");
  const weights = legend("weight of each ellipse");
  const shares = legend("shares in the new point");
  const sharesNamed = h("p", { class: "muted note" }, "The new point (?) belongs to");
  const controls = h("div", { class: "controls" }, k.element, shape.element, start.element, space.element,
    h("div", { class: "row" }, step, play.element, reset), figures.element, h("p", { class: "muted note" }, "Weights"), weights.element,
    sharesNamed, shares.element, note);
  const root = card("explore mixture", "Explore", text.question, h("div", { class: "split" }, stage.element, controls), said);

  /** During a drag the line changes many times a second: for the eyes only. */
  function quiet(on) { said.setAttribute("aria-live", on ? "off" : "polite"); }

  // ---- points: clicked, or chosen with the keyboard, they say their shares
  const picker = svg("g", { class: "picker", ...sliderAttributes(stage, ""), "aria-roledescription": "point", "aria-valuemin": 1, "aria-valuemax": text.rows }, svg("circle", { r: "11" }));
  function pick(row, tell) {
    picked = row;
    picker.setAttribute("aria-label", `${text.one} ${row + 1} of ${text.rows}; Page Up and Page Down choose another and say its shares`);
    picker.setAttribute("aria-valuenow", row + 1);
    if (stage.width) picker.setAttribute("transform", `translate(${stage.toPixels([points[2 * row], points[2 * row + 1]]).join(" ")})`);
    if (tell) questions.ask({ do: "point", index: row });
  }
  picker.addEventListener("keydown", (event) => {
    const turn = { PageUp: -1, PageDown: 1, ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    if (!turn || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    pick((picked + turn * (event.shiftKey ? 10 : 1) + 10 * text.rows) % text.rows, true);
  });
  const under = (event) => stage.pointAt(points, ...stage.fromEvent(event), event.pointerType === "touch" ? 18 : 10);
  stage.canvas.addEventListener("pointermove", (event) => { stage.canvas.style.cursor = under(event) < 0 ? "" : "pointer"; });
  stage.canvas.addEventListener("click", (event) => {
    const row = under(event);
    if (row < 0) return;
    picker.focus();
    pick(row, true);
  });

  // ---- drawing
  function newEllipse(index) {
    const trail = stage.trails.appendChild(svg("path", { style: `stroke:color-mix(in srgb, var(--data-${index}) 65%, var(--ink))` }));
    const ellipse = new Ellipse(stage, {
      label: `ellipse ${index + 1} (${SHAPES[index]})`, text: index + 1, colour: `var(--data-${index})`,
      free: () => FREE[model.get("state").shape],
      onchange: (mean, covariance, drag, done) => {
        play.pause();
        quiet(!done);
        questions.ask({ do: "ellipse", index, mean, covariance, drag, done });
      },
      onplace: () => {
        const way = [...(model.get("state").trails[index] ?? []), ellipse.mean].map((place) => stage.toPixels(stage.toFractions(place)).join(" "));
        trail.setAttribute("d", `M${way.join("L")}`);
      },
    });
    const { remove } = ellipse;
    ellipse.remove = () => { trail.remove(); remove.call(ellipse); };
    return ellipse;
  }

  function drawEllipses({ ellipses: wanted, travel }, fresh) {
    while (ellipses.length > wanted.length) ellipses.pop().remove();
    while (ellipses.length < wanted.length) ellipses.push(newEllipse(ellipses.length));
    const caughtUp = questions.idle();
    wanted.forEach(({ mean, covariance, told }, index) => {
      const ellipse = ellipses[index];
      if (caughtUp && !ellipse.dragged) ellipse.held = false;
      if (!ellipse.held) ellipse.put(mean, covariance, told, fresh && travel);
      else if (fresh) ellipse.told = told;
    });
  }

  /** The colour of each point: its ellipses' colours in the proportion of its shares, mixed as light is. */
  function mixed() {
    const sent = bytes(model.get("shares"));
    if (!sent.length) return undefined;
    const many = sent.length / groups.length;
    const light = stage.colours.slice(0, many).map((colour) => {
      const packed = stage.packed(colour);
      return [packed & 255, (packed >> 8) & 255, (packed >> 16) & 255].map((part) => part * part);
    });
    return Array.from(groups, (_, row) => {
      const parts = [0, 1, 2].map((channel) => light.reduce((sum, colour, i) => sum + (sent[row * many + i] / 255) * colour[channel], 0));
      return `rgb(${parts.map((part) => Math.min(255, Math.round(Math.sqrt(part) / COARSE) * COARSE)).join(" ")})`;
    });
  }

  function drawProbe({ probe: place, shares: own }) {
    sharesNamed.hidden = !place;
    shares.show((own ?? []).map((share, group) => [group, `${group + 1}: ${(100 * share).toFixed(1)} %`]));
    if (!place) return;
    probe ??= new Handle(stage, { label: `a new ${text.one}`, text: "?", colour: "var(--ink)",
      onmove: (at, drag, done) => {
        quiet(!done);
        const [x, y] = stage.toValues(at);
        questions.ask({ do: "probe", index: 0, x, y, drag, done });
      } });
    if (questions.idle() && !probe.element.classList.contains("dragged")) probe.held = false;
    if (!probe.held) probe.put(stage.toFractions(place));
  }

  function drawNumbers(state) {
    if (questions.idle()) k.show(state.ellipses.length);
    shape.show(state.shape);
    start.show(state.start);
    space.show(state.scale ? "standardised" : "own");
    step.textContent = `Step: ${state.next}`;
    figures.show("log-likelihood", state.log_likelihood, state.change);
    figures.show("BIC", state.bic);
    figures.show("in doubt", state.doubtful === null ? "–" : `${state.doubtful.toLocaleString("en")} of ${text.rows.toLocaleString("en")}`);
    figures.show("rounds", state.rounds.toLocaleString("en"));
    weights.show(state.weights.map((weight, group) => [group, `${group + 1}: ${weight}`]));
    const [across, up] = model.get("axes");
    const lie = state.ellipses.map(({ told }, index) => `ellipse ${index + 1}: ${told}`).join("; ");
    stage.canvas.setAttribute("aria-label", `Scatter of ${text.rows} ${text.noun} by ${across.label} and ${up.label}, with ${state.ellipses.length} ellipses. ${lie}`);
  }

  function drawPoints() {
    paint = stage.width ? mixed() : undefined;
    stage.drawPoints(points, groups, paint);
  }

  function drawAll() {
    if (!points || !stage.width) return;
    drawPoints();
    ellipses.forEach((ellipse) => ellipse.layout());
    if (probe) probe.put(probe.place);
    pick(picked, false);
  }

  function answer() {
    const state = model.get("state");
    questions.answered(state.token);
    points = new Float32Array(bytes(model.get("positions")).slice().buffer);
    groups = bytes(model.get("groups"));
    if (points.length / 2 <= DRAGGABLE && !picker.isConnected) stage.over.prepend(picker);
    drawPoints();
    drawEllipses(state, true);
    drawProbe(state);
    drawNumbers(state);
    pick(picked, false);
    root.dataset.frame = model.get("frame");
    play.answered(state.converged);
  }

  return present({ model, el, root, stage, questions, play }, answer);
}

export default { render };
