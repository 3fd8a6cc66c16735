// A dendrogram to take in hand: the cut moves up and down the tree, and the map shows the groups that it leaves. The kernel
// grows the tree and cuts it; this draws both, each merge in the colour of its group.
import { h, card, follow, saidLine } from "./card.js";
import { choice, legend, numbers, stepper } from "./controls.js";
import { Stage, svg } from "./stage.js";
import { Level } from "./level.js";
import { Questions } from "./questions.js";

const REST = 255; // a plain point: its group is not one of the six largest
const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const floats = (view) => new Float32Array(bytes(view).slice().buffer);

/** The tree's stage: heights count, where a row stands across does not. As high as the map where that is beside it. */
class Trunk extends Stage {
  tall() { return this.beside?.element.getBoundingClientRect().top === this.element.getBoundingClientRect().top ? this.beside.height : super.tall(); }

  drawGrid() {
    this.margin = { ...this.margin, right: 26 }; // room for the handle
    super.drawGrid();
    for (const line of this.grid.querySelectorAll("path")) if (line.getAttribute("d").includes("V")) line.remove();
  }

  mark(axis, value, decimals) { return axis === this.axes[0] ? "" : super.mark(axis, value, decimals); }
}

function render({ model, el }) {
  const text = model.get("text");
  const questions = new Questions(model);
  const said = saidLine(model);
  let points, groups, branches, sent;

  const map = new Stage(model.get("axes"), drawAll, { equal: true });
  const leaves = { label: `${text.noun}, in the order of the tree`, unit: "", low: 0, high: 1, decimals: 2 };
  const trunk = new Trunk([leaves, model.get("state").height], drawAll);
  trunk.beside = map;
  const lines = trunk.trails.appendChild(svg("g", { class: "branches" }));
  const paths = Array.from({ length: 7 }, (_, i) => lines.appendChild(svg("path", i ? { class: "group", style: `stroke:var(--data-${i - 1})` } : {})));
  const cut = trunk.trails.appendChild(svg("path", { class: "cut" }));
  const level = new Level(trunk, { label: "cut", onplace: drawCut, onmove: ([, v], drag, done) => {
    said.setAttribute("aria-live", done ? "polite" : "off"); // during a drag the line changes many times a second
    questions.ask({ do: "cut", cut: trunk.toValues([1, v])[1] });
  } });

  const k = stepper({ label: "groups", min: 1, max: text.most, fewer: "one group fewer", more: "one group more",
    tell: (value) => String(value), onask: (value) => questions.ask({ do: "k", k: value }) });
  const linkage = choice("linkage", text.linkages, (value) => questions.ask({ do: "linkage", linkage: value }));
  const figures = numbers(["cut at", `${text.noun} alone`]);
  const sizes = legend("the largest groups");
  const controls = h("div", { class: "controls" }, k.element, linkage.element, figures.element, sizes.element);
  const root = card("explore tree", "Explore", text.question, h("div", { class: "split" },
    h("div", { class: "planes" }, h("figure", {}, trunk.element), h("figure", {}, map.element)), controls), said);

  function drawCut() {
    if (!trunk.width || !level.shown) return;
    const y = trunk.toPixels(level.shown)[1];
    cut.setAttribute("d", `M${trunk.margin.left} ${y.toFixed(1)}H${trunk.width - trunk.margin.right}`);
  }

  /** The merges as path data: above the cut in plain ink, below it in the colour of their group. */
  function drawBranches({ below }) {
    const parts = paths.map(() => []);
    const [left, right, top, bottom] = trunk.edges();
    const x = (part) => (left + part * (right - left)).toFixed(1), y = (part) => (bottom - part * (bottom - top)).toFixed(1);
    below.forEach((code, i) => {
      const [a, b, c, d, own] = branches.subarray(5 * i, 5 * i + 5);
      parts[code >= 0 && code !== REST ? code + 1 : 0].push(`M${x(a)} ${y(c)}V${y(own)}H${x(b)}V${y(d)}`);
    });
    paths.forEach((path, i) => path.setAttribute("d", parts[i].join("")));
  }

  function drawAll() {
    if (!points || !map.width || !trunk.width) return;
    if (trunk.height !== trunk.tall()) trunk.measure();
    map.drawLines(text.lines);
    draw(model.get("state"));
  }

  function draw(state) {
    map.drawPoints(points, groups);
    drawBranches(state);
    if (questions.idle() && !level.element.classList.contains("dragged")) level.held = false;
    if (!level.held) level.put([1, state.cut / state.height.high]);
    else level.show(level.place);
    drawCut();
    const [across, up] = map.axes;
    map.canvas.setAttribute("aria-label", `Map of ${groups.length} ${text.noun} by ${across.label} and ${up.label}, ${state.k} groups`);
    trunk.canvas.setAttribute("aria-label", `Tree of ${below(state)} merges of ${groups.length} ${text.noun}, cut at ${state.told}`);
  }

  const below = (state) => state.below.length;

  function drawNumbers(state) {
    if (questions.idle()) k.show(state.k);
    linkage.show(state.linkage);
    figures.show("cut at", state.told);
    figures.show(`${text.noun} alone`, state.alone.toLocaleString("en"));
    const rest = state.k - state.sizes.length;
    sizes.show([...state.sizes.map((size, group) => [group, size.toLocaleString("en")]), ...(rest ? [[REST, `${rest} smaller ${rest > 1 ? "groups" : "group"}`]] : [])]);
  }

  function answer() {
    const state = model.get("state");
    questions.answered(state.token);
    if (sent !== model.get("positions")) points = floats(sent = model.get("positions"));
    branches = floats(model.get("branches"));
    groups = bytes(model.get("groups"));
    if (trunk.axes[1].high !== state.height.high || trunk.axes[1].unit !== state.height.unit) {
      trunk.axes = [leaves, state.height];
      level.range();
      trunk.measure();
    }
    if (map.width && trunk.width) draw(state);
    drawNumbers(state);
    root.dataset.frame = model.get("frame");
  }

  el.append(root);
  map.measure();
  trunk.measure();
  const stop = follow(model, ["frame"], answer);
  drawAll();
  return () => {
    questions.stop();
    map.destroy();
    trunk.destroy();
    stop();
  };
}

export default { render };
