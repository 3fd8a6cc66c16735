// The program as a drawing: what is visible of it as boxes, what reads what as lines from top to bottom.
import { h } from "./card.js";
import { svg } from "./stage.js";
import { layered } from "./glass_layout.js";

const WIDE = 178, HIGH = 46, LETTERS = 23;
const READABLE = 0.6; // a graph that is wider still opens at this scale, and scrolls
const ZOOMS = [0.35, 0.5, 0.7, 0.85, 1, 1.25, 1.6];

/** A name in so many letters, cut in the middle, where names in a program differ least. */
export const cut = (text, most = LETTERS) => (text.length <= most ? text : `${text.slice(0, Math.ceil(most / 2) - 1)}…${text.slice(text.length - Math.floor(most / 2))}`);

/** The drawing in its frame, scrolled, dragged and zoomed. onpick(key), onopen(key) for a closed group, onkey(event). */
export class Graph {
  constructor({ onpick, onopen, onkey }) {
    this.paper = svg("svg", { class: "paper", role: "img" });
    this.frame = h("div", { class: "frame", tabindex: "0", role: "group", "aria-label": "Graph. Arrow keys step, Enter opens or closes a group, plus and minus zoom." }, this.paper);
    const zoom = (label, words, by) => h("button", { type: "button", class: "square", "aria-label": words, onclick: () => this.zoom(by) }, label);
    this.element = h("div", { class: "graph" }, this.frame, h("div", { class: "zoom" }, zoom("−", "smaller", -1), zoom("+", "larger", 1), zoom("fit", "fit the width", 0)));
    this.scale = 1;
    this.least = READABLE; // the smallest scale that fitting may choose; null once the reader chose one
    this.frame.addEventListener("keydown", (event) => {
      const by = { "+": 1, "=": 1, "-": -1, 0: 0 }[event.key];
      if (by === undefined || event.ctrlKey || event.metaKey) return onkey(event);
      event.preventDefault();
      this.zoom(by);
    });
    this.frame.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1 : -1);
    }, { passive: false });
    const picked = (event) => event.target.closest?.("[data-node]")?.dataset.node;
    this.paper.addEventListener("click", (event) => { if (picked(event) && !this.dragged) onpick(picked(event)); });
    this.paper.addEventListener("dblclick", (event) => { if (picked(event)) onopen(picked(event)); });
    this.frame.addEventListener("pointerdown", (event) => this.drag(event));
  }

  /** Drag the paper with the mouse; a finger scrolls the frame by itself. */
  drag(event) {
    this.dragged = false;
    if (event.button !== 0 || event.pointerType === "touch") return;
    const { scrollLeft, scrollTop } = this.frame;
    const move = (now) => {
      const [x, y] = [now.clientX - event.clientX, now.clientY - event.clientY];
      if (Math.abs(x) + Math.abs(y) > 4) this.dragged = true;
      if (this.dragged) this.frame.scrollTo(scrollLeft - x, scrollTop - y);
    };
    const stop = () => { removeEventListener("pointermove", move); removeEventListener("pointerup", stop); removeEventListener("pointercancel", stop); };
    addEventListener("pointermove", move);
    addEventListener("pointerup", stop);
    addEventListener("pointercancel", stop);
  }

  zoom(by) {
    this.least = by === 0 ? 0 : null;
    if (by !== 0) this.scale = (by > 0 ? ZOOMS.find((each) => each > this.scale + 0.01) : ZOOMS.findLast((each) => each < this.scale - 0.01)) ?? this.scale;
    this.fit();
  }

  /** As wide as the frame, and no larger than it was drawn, unless the reader chose a scale. Call it when the frame has another
      size: before it is in the page it has none. */
  fit() {
    if (this.least !== null && this.frame.clientWidth) this.scale = Math.max(this.least, Math.min(1, (this.frame.clientWidth - 2) / this.size[0]));
    this.resize();
    this.reveal(this.current);
  }

  resize() {
    const [width, height] = this.size;
    this.paper.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.paper.setAttribute("width", width * this.scale);
    this.paper.setAttribute("height", height * this.scale);
  }

  /** nodes: [{ key, name, second, kind: "input" | "output" | "step" | "group", flags, reads }] */
  draw(nodes) {
    const { places, edges, width, height } = layered(nodes.map((node) => ({ ...node, width: WIDE, source: node.kind === "input" })), { nodeHeight: HIGH });
    this.size = [width, height];
    this.places = places;
    this.edges = new Map();
    const lines = svg("g", { class: "edges" });
    for (const { from, to, points } of edges) {
      const line = svg("path", { d: curve(points) });
      lines.append(line);
      for (const key of [from, to]) this.edges.set(key, [...(this.edges.get(key) ?? []), line]);
    }
    this.boxes = new Map(nodes.map((node) => [node.key, box(node, places.get(node.key))]));
    this.paper.replaceChildren(lines, svg("g", {}, ...this.boxes.values()));
    this.fit();
  }

  /** Mark the node as the one looked at, and bring it into view. `words`: the drawing in words. */
  select(key, words) {
    for (const line of this.edges.get(this.current) ?? []) line.classList.remove("on");
    this.boxes.get(this.current)?.classList.remove("on");
    this.current = key;
    this.boxes.get(key)?.classList.add("on");
    for (const line of this.edges.get(key) ?? []) {
      line.classList.add("on");
      line.parentNode.append(line); // above the others
    }
    this.paper.setAttribute("aria-label", words);
    this.reveal(key);
  }

  reveal(key) {
    const place = this.places.get(key);
    if (!place) return;
    const { clientWidth, clientHeight, scrollLeft, scrollTop } = this.frame;
    const [x, y] = place.map((each) => each * this.scale);
    const [near, far] = [HIGH * 1.6 * this.scale, clientHeight - HIGH * 1.6 * this.scale];
    const top = y - scrollTop < near || y - scrollTop > far ? y - clientHeight / 2 : scrollTop;
    const left = x - scrollLeft < (WIDE / 2) * this.scale || x - scrollLeft > clientWidth - (WIDE / 2) * this.scale ? x - clientWidth / 2 : scrollLeft;
    if (top !== scrollTop || left !== scrollLeft) this.frame.scrollTo(left, top);
  }

  /** Show only the nodes of these keys at full strength; all when `keys` is null. */
  dim(keys) {
    for (const [key, element] of this.boxes) element.classList.toggle("dim", keys !== null && !keys.has(key));
  }
}

/** A line through points, leaving and arriving vertically. */
function curve(points) {
  const [[x, y], ...rest] = points;
  let path = `M${x.toFixed(1)} ${(y + HIGH / 2).toFixed(1)}`;
  let [left, top] = [x, y + HIGH / 2];
  rest.forEach(([right, middle], index) => {
    const bottom = index === rest.length - 1 ? middle - HIGH / 2 : middle;
    const half = (top + bottom) / 2;
    path += `C${left.toFixed(1)} ${half.toFixed(1)} ${right.toFixed(1)} ${half.toFixed(1)} ${right.toFixed(1)} ${bottom.toFixed(1)}`;
    [left, top] = [right, bottom];
  });
  return path;
}

function box(node, [x, y]) {
  const [left, top] = [x - WIDE / 2, y - HIGH / 2];
  const corner = node.kind === "input" || node.kind === "output" ? HIGH / 2 : 7;
  const rect = (shift) => svg("rect", { x: left + shift, y: top - shift, width: WIDE, height: HIGH, rx: corner });
  const text = (content, down, properties) => svg("text", { x, y: y + down, ...properties }, content);
  return svg("g", { class: `node ${node.kind}`, "data-node": node.key },
    ...(node.kind === "group" ? [rect(4)] : []), rect(0),
    text(cut(node.name), -4, { class: "name" }), text(cut(node.second, 28), 13, { class: "second" }),
    ...node.flags.map(([kind, sign]) => { const at = left + (kind === "half" ? 3 : WIDE - 3); return svg("g", { class: `mark ${kind}` }, svg("circle", { cx: at, cy: top + 3, r: 8.5 }), svg("text", { x: at, y: top + 6.5 }, sign)); }),
    svg("title", {}, `${node.name}, ${node.second}`));
}
