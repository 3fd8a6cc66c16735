// A square picture of points that stands beside another picture of the same points: distances look alike in every
// direction, and a point picked on one, by click or key, is marked with its neighbours on both.
import { Stage, svg } from "./stage.js";

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
const TURNS = { PageUp: -1, PageDown: 1 };

export class Plane extends Stage {
  /** bare: without axes, where places have no unit. lined: the kind of neighbour that is joined to the picked point with a
      line ("lost" or "strangers"). onpick(row): the learner picked a row, or -1 for none. describe(row): its words. */
  constructor(axes, { label, bare = false, lined, onlayout, onpick, describe }) {
    super(axes, onlayout, { equal: true });
    Object.assign(this, { bare, lined, onpick, describe, points: null, groups: null, picked: null });
    this.marks = this.over.appendChild(svg("g", { class: "marks", "aria-hidden": "true" }));
    this.picker = this.over.appendChild(svg("g", { class: "picker", tabindex: "0", role: "slider", "aria-label": `picked point, ${label}` },
      svg("circle", { r: "12" })));
    this.picker.addEventListener("keydown", (event) => this.key(event));
    this.picker.addEventListener("focus", () => this.showPicker());
    this.canvas.addEventListener("pointerdown", (event) => {
      if (event.button === 0) this.onpick(this.pointAt(this.points, ...this.fromEvent(event), event.pointerType === "touch" ? 18 : 11));
    });
    this.canvas.addEventListener("pointermove", (event) => {
      this.canvas.style.cursor = this.pointAt(this.points, ...this.fromEvent(event), 11) < 0 ? "" : "pointer";
    });
  }

  drawGrid() { if (!this.bare) super.drawGrid(); }

  /** Draw points (Float32Array), their groups (Uint8Array) and the picked one ({row, kept, lost, strangers} or null). */
  draw(points, groups, picked) {
    Object.assign(this, { points, groups, picked });
    if (!this.width) return;
    this.drawPoints(points, groups);
    this.drawMarks();
    this.showPicker();
  }

  at(row) { return this.toPixels([this.points[2 * row], this.points[2 * row + 1]]); }

  drawMarks() {
    const parts = [];
    if (this.picked) {
      const [x, y] = this.at(this.picked.row);
      for (const kind of ["strangers", "lost", "kept"]) {
        for (const row of this.picked[kind]) {
          const [a, b] = this.at(row);
          if (kind === this.lined) parts.push(svg("path", { class: kind, d: `M${x} ${y}L${a} ${b}` }));
          parts.push(neighbourMark(kind, a, b));
        }
      }
      parts.push(svg("circle", { class: "own", cx: x, cy: y, r: 6.5 }));
    }
    this.marks.replaceChildren(...parts);
  }

  showPicker() {
    const row = this.picked?.row ?? -1;
    const tells = { "aria-valuemin": 0, "aria-valuemax": this.groups.length, "aria-valuenow": row + 1, "aria-valuetext": this.describe(row) };
    for (const [name, value] of Object.entries(tells)) this.picker.setAttribute(name, value);
    const [x, y] = row < 0 ? this.toPixels([0.5, 0.5]) : this.at(row);
    this.picker.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = this.picked?.row ?? -1, count = this.groups.length;
    const next = event.key in WAYS ? this.toward(row, WAYS[event.key])
      : event.key in TURNS ? (row + TURNS[event.key] + count) % count
        : { Home: 0, End: count - 1, Escape: -1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.onpick(next);
  }

  /** The nearest point to that of `row` in the direction of an arrow, or `row` where there is none. */
  toward(row, [dx, dy]) {
    if (row < 0) return 0;
    let best = row, least = Infinity;
    const [x, y] = [this.points[2 * row], this.points[2 * row + 1]];
    for (let i = 0; i < this.groups.length; i++) {
      const [u, v] = [this.points[2 * i] - x, this.points[2 * i + 1] - y];
      const along = u * dx + v * dy, away = Math.hypot(u, v);
      if (along > 0.7 * away && away < least) [best, least] = [i, away];
    }
    return best;
  }
}

/** A neighbour's mark around (x, y): a ring, a broken ring or a square. */
export function neighbourMark(kind, x, y) {
  if (kind === "strangers") return svg("rect", { class: kind, x: x - 5.5, y: y - 5.5, width: 11, height: 11 });
  return svg("circle", { class: kind, cx: x, cy: y, r: 5.5 });
}
