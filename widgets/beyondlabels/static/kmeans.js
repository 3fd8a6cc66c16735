// K-means to take in hand. The kernel computes; this draws, lets what is dragged follow the hand, and asks for one thing at a time.
import { h, card, saidLine, unbroken } from "./card.js";
import { choice, legend, numbers, player, stepper } from "./controls.js";
import { DRAGGABLE, SHAPES, Stage, svg } from "./stage.js";
import { Handle, afterKey, followPointer, newDrag, sayPlace, sliderAttributes } from "./handle.js";
import { Questions, present } from "./questions.js";

const NO_GROUP = 255;
const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

function render({ model, el }) {
  const text = model.get("text");
  const stage = new Stage(model.get("axes"), drawAll);
  const questions = new Questions(model);
  const said = saidLine(model);
  let points, sent, groups, handles = [], picked = 0, grabbed = null;

  // ---- controls
  const k = stepper({ label: "groups k", min: 1, max: text.most, speak: (value) => `${value} groups`, fewer: "one group fewer", more: "one group more",
    onask: (value) => questions.ask({ do: "k", k: value }) });
  const space = choice("measurements", [["standardised", "standardised"], ["own", "in their own units"]],
    (value) => questions.ask({ do: "scale", scale: value === "standardised" }));
  const step = h("button", { class: "primary step", onclick: () => { play.pause(); questions.ask({ do: "step" }); } });
  const play = player(() => questions.ask({ do: "step" }));
  const reset = h("button", { onclick: () => { play.pause(); questions.ask({ do: "reset" }); } }, "Reset");
  const figures = numbers(["inertia", "silhouette", "changed group"]);
  const note = h("p", { class: "muted note" });
  const groupsShown = legend(`${text.noun} in each group`);
  const controls = h("div", { class: "controls" },
    k.element, space.element, h("div", { class: "row" }, step, play.element, reset), figures.element, note, groupsShown.element);
  const root = card("explore kmeans", "Explore", text.question, h("div", { class: "split" }, stage.element, controls), said);

  // ---- points: dragged on the canvas, or chosen and moved with the keyboard
  const picker = svg("g", { class: "picker", ...sliderAttributes(stage, "") }, svg("circle", { r: "11" }));
  const placeOf = (row) => [points[2 * row], points[2 * row + 1]];
  function movePoint(row, place, drag, done) {
    points.set(place, 2 * row);
    grabbed = { row, place, done };
    pick(row);
    stage.drawPoints(points, groups);
    const [x, y] = stage.toValues(place);
    questions.ask({ do: "point", index: row, x, y, drag, done });
  }

  function pick(row) {
    picked = row;
    const label = `${text.one} ${row + 1} of ${groups.length}; Page Up and Page Down choose another`;
    picker.setAttribute("aria-label", label);
    sayPlace(picker, stage, placeOf(row));
    if (stage.width) picker.setAttribute("transform", `translate(${stage.toPixels(placeOf(row)).join(" ")})`);
  }

  picker.addEventListener("keydown", (event) => {
    const turn = { PageUp: -1, PageDown: 1 }[event.key];
    if (turn) {
      event.preventDefault();
      pick((picked + turn * (event.shiftKey ? 10 : 1) + 10 * groups.length) % groups.length);
    }
    const place = afterKey(placeOf(picked), event);
    if (place) movePoint(picked, place, newDrag(), true);
  });
  const reach = (event) => (event.pointerType === "touch" ? 18 : 10);
  const under = (event) => stage.pointAt(points, ...stage.fromEvent(event), reach(event));
  stage.canvas.addEventListener("pointermove", (event) => {
    if (event.buttons === 0) stage.canvas.style.cursor = under(event) < 0 ? "" : "grab";
  });
  stage.canvas.addEventListener("touchstart", (event) => { // a finger on a point drags it; elsewhere it scrolls the page
    const [touch] = event.changedTouches;
    if (stage.pointAt(points, ...stage.fromEvent(touch), 18) >= 0) event.preventDefault();
  }, { passive: false });
  stage.canvas.addEventListener("pointerdown", (event) => {
    const row = event.button === 0 ? under(event) : -1;
    if (row < 0) return;
    const drag = newDrag();
    const [x, y] = stage.fromEvent(event);
    const [px, py] = stage.toPixels(placeOf(row));
    let moved = false;
    quiet(true);
    followPointer(stage, stage.canvas, event,
      (at) => { moved = true; movePoint(row, stage.toPlace(at[0] + px - x, at[1] + py - y), drag, false); },
      () => { quiet(false); if (moved) movePoint(row, placeOf(row), drag, true); });
  });

  /** During a drag the line changes many times a second: for the eyes only. */
  function quiet(on) { said.setAttribute("aria-live", on ? "off" : "polite"); }

  // ---- drawing
  function drawHandles({ centres, trails, travel }, fresh) {
    while (handles.length > centres.length) handles.pop().remove();
    while (handles.length < centres.length) handles.push(newHandle(handles.length));
    const caughtUp = questions.idle();
    centres.forEach((values, index) => {
      const handle = handles[index];
      if (caughtUp && !handle.element.classList.contains("dragged")) handle.held = false;
      if (!handle.held) handle.put(stage.toFractions(values), fresh && travel);
    });
    handles.forEach((handle) => handle.onplace());
    function newHandle(index) {
      const trail = stage.trails.appendChild(svg("path", { style: `stroke:color-mix(in srgb, var(--data-${index}) 65%, var(--ink))` }));
      const handle = new Handle(stage, {
        label: `centre ${index + 1} (${SHAPES[index]})`, text: index + 1, colour: `var(--data-${index})`,
        onmove: (place, drag, done) => {
          play.pause();
          quiet(!done);
          const [x, y] = stage.toValues(place);
          questions.ask({ do: "centre", index, x, y, drag, done });
        },
        onplace: () => {
          const way = [...(model.get("state").trails[index] ?? []).map((place) => stage.toFractions(place)), handle.shown];
          if (stage.width && handle.shown) trail.setAttribute("d", `M${way.map((place) => stage.toPixels(place).join(" ")).join("L")}`);
        },
      });
      const { remove } = handle;
      handle.remove = () => { trail.remove(); remove.call(handle); };
      return handle;
    }
  }

  function drawNumbers(state) {
    if (questions.idle()) k.show(state.centres.length);
    space.show(state.scale ? "standardised" : "own");
    step.textContent = `Step: ${state.next}`;
    figures.show("inertia", state.inertia, `${state.change}${state.change && state.change.length < 9 ? " this step" : ""}`);
    figures.show("silhouette", state.silhouette);
    figures.show("changed group", state.changed === null ? "–" : `${state.changed.toLocaleString("en")} of ${groups.length.toLocaleString("en")}`);
    note.textContent = unbroken(state.note);
    groupsShown.show(groups[0] === NO_GROUP ? [] : state.sizes.map((size, group) => [group, `${group + 1}: ${size.toLocaleString("en")}`]));
    const grouped = groups[0] === NO_GROUP ? "none in a group yet" : `in ${state.centres.length} groups of ${state.sizes.join(", ")}`;
    const [across, up] = model.get("axes");
    stage.canvas.setAttribute("aria-label", `Scatter of ${groups.length} ${text.noun} by ${across.label} and ${up.label}, ${grouped}`);
  }

  function drawAll() {
    if (!points || !stage.width) return;
    stage.drawPoints(points, groups);
    drawHandles(model.get("state"), false);
    pick(picked);
  }

  function readPoints() {
    if (grabbed?.done && questions.idle()) grabbed = null;
    if (sent === model.get("positions")) return;
    sent = model.get("positions");
    points = new Float32Array(bytes(sent).slice().buffer);
    if (grabbed) points.set(grabbed.place, 2 * grabbed.row); // still under the hand
    if (points.length / 2 <= DRAGGABLE && !picker.isConnected) stage.over.prepend(picker);
  }

  function answer() {
    const state = model.get("state");
    questions.answered(state.token);
    readPoints();
    groups = bytes(model.get("groups"));
    stage.drawPoints(points, groups);
    drawHandles(state, true);
    drawNumbers(state);
    pick(picked);
    root.dataset.frame = model.get("frame");
    play.answered(state.converged);
  }

  return present({ model, el, root, stage, questions, play }, answer);
}

export default { render };
