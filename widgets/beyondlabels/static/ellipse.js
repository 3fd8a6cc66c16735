// An ellipse on the stage: a Gaussian at one and two standard deviations, with a handle at its centre, one at the end of an
// axis that turns and stretches it, and one at its side that widens it. All geometry is in pixels, where axes look square.
import { svg } from "./stage.js";
import { Handle, TRAVEL, calm, newDrag } from "./handle.js";

const RIM = 2; // standard deviations: where the outer line and the two outer handles lie
const NEAREST = 27; // pixels from the centre's handle, so that a small ellipse can still be taken hold of
const LEAST = 1.2, MOST = 4; // pixels, and stage widths, that a standard deviation may have
const TURN = Math.PI / 60, TURN_FAR = Math.PI / 12; // an arrow key's turn; with Shift
const GROW = 1.05, GROW_FAR = 1.25;

/** A handle that moves along the ellipse's rim: `towards(way, drag)` says what a move means, `onkey` what a key does. */
class Grip extends Handle {
  constructor(stage, { towards, onkey, role, ...rest }) {
    super(stage, { text: "", ...rest });
    this.towards = towards;
    this.onkey = onkey;
    this.element.classList.add("grip");
    this.element.setAttribute("aria-roledescription", role);
  }

  put(place) {
    this.place = place;
    this.show(place);
  }

  moveTo(place, drag, done) { this.towards(this.stage.toPixels(place), drag, done); }

  key(event) { if (!event.ctrlKey && !event.metaKey && !event.altKey && this.onkey(event)) event.preventDefault(); }
}

export class Ellipse {
  /** onchange(mean, covariance, drag, done): the learner changed it. free(): what the shape allows, "turn", "stretch" or "round". */
  constructor(stage, { label, text, colour, free, onchange, onplace }) {
    Object.assign(this, { stage, free, onchange, onplace, held: false, angle: -0.3 });
    const line = `color-mix(in srgb, ${colour} 84%, var(--ink))`;
    this.shapes = [RIM, 1].map((size) => svg("ellipse", { class: size === 1 ? "inner" : "outer", style: `fill:${colour};stroke:${line}` }));
    this.spokes = [0, 1].map(() => svg("line", { style: `stroke:${line}` }));
    this.group = svg("g", { class: "gaussian", "aria-hidden": "true" }, ...this.shapes, ...this.spokes);
    stage.trails.append(this.group);
    const grip = (axis, name, role) => new Grip(stage, {
      colour, role, label: `${label}, ${name}`,
      towards: (at, drag, done) => this.pull(axis, at, drag, done),
      onkey: (event) => this.key(axis, event),
    });
    this.grips = [grip(0, "end of an axis: left and right turn, up and down stretch", "turn and stretch"), grip(1, "side: up and down change the width", "width")];
    this.centre = new Handle(stage, { label, text, colour,
      onmove: (place, drag, done) => {
        this.held = true;
        this.arrive();
        this.mean = stage.toValues(place);
        this.draw();
        onchange(this.mean, this.covariance(), drag, done);
      } });
  }

  remove() {
    cancelAnimationFrame(this.motion);
    for (const part of [this.centre, ...this.grips, this.group]) part.remove();
  }

  get dragged() { return [this.centre, ...this.grips].some((handle) => handle.element.classList.contains("dragged")); }

  /** Pixels for one unit of each axis. */
  scale() {
    const [left, bottom] = this.stage.toPixels([0, 0]), [right, top] = this.stage.toPixels([1, 1]);
    const [across, up] = this.stage.axes;
    return [(right - left) / (across.high - across.low), (top - bottom) / (up.high - up.low)]; // the second is negative
  }

  /** Lie at this mean with this covariance [xx, xy, yy], in the axes' units; `told` is its shape in words. */
  put(mean, covariance, told, travel = false) {
    cancelAnimationFrame(this.motion);
    this.told = told;
    const from = this.mean && [...this.mean, ...this.matrix];
    const to = [...mean, ...covariance];
    this.goal = null;
    if (!travel || !from || calm()) return this.set(to);
    this.goal = to;
    const start = performance.now();
    const frame = (now) => {
      const part = Math.min(1, Math.max(0, (now - start) / TRAVEL)), eased = 1 - (1 - part) ** 3;
      this.set(from.map((value, i) => value + (to[i] - value) * eased));
      if (part < 1) this.motion = requestAnimationFrame(frame);
      else this.goal = null;
    };
    this.motion = requestAnimationFrame(frame);
  }

  /** End a journey at once: what a hand or a key changes is the ellipse that was told, not one on its way. */
  arrive() {
    if (!this.goal) return;
    cancelAnimationFrame(this.motion);
    this.set(this.goal);
    this.goal = null;
  }

  set([x, y, ...matrix]) {
    this.mean = [x, y];
    this.matrix = matrix;
    if (this.stage.width) this.layout();
  }

  /** Angle and standard deviations in pixels of the covariance; the axis nearest to the one before stays the first. */
  layout() {
    const [sx, sy] = this.scale();
    const [xx, xy, yy] = [this.matrix[0] * sx * sx, this.matrix[1] * sx * sy, this.matrix[2] * sy * sy];
    const gap = Math.hypot((xx - yy) / 2, xy), middle = (xx + yy) / 2;
    const sizes = [middle + gap, Math.max(middle - gap, 0)].map(Math.sqrt);
    let angle = gap < 1e-9 * middle ? this.angle : Math.atan2(2 * xy, xx - yy) / 2;
    const off = Math.round((this.angle - angle) / (Math.PI / 2));
    angle += off * (Math.PI / 2);
    this.angle = angle;
    this.sizes = off % 2 ? sizes.reverse() : sizes;
    this.draw();
  }

  /** The covariance [[xx, xy], [xy, yy]] of angle and sizes, in the axes' units. */
  covariance() {
    const [sx, sy] = this.scale(), [c, s] = [Math.cos(this.angle), Math.sin(this.angle)];
    const [a, b] = this.sizes.map((size) => size * size);
    this.matrix = [(a * c * c + b * s * s) / (sx * sx), ((a - b) * c * s) / (sx * sy), (a * s * s + b * c * c) / (sy * sy)];
    return [[this.matrix[0], this.matrix[1]], [this.matrix[1], this.matrix[2]]];
  }

  draw() {
    const { stage } = this, place = stage.toFractions(this.mean), [x, y] = stage.toPixels(place);
    const turn = `translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${((this.angle * 180) / Math.PI).toFixed(2)})`;
    this.shapes.forEach((shape, i) => {
      const size = i ? 1 : RIM;
      shape.setAttribute("transform", turn);
      shape.setAttribute("rx", Math.max(size * this.sizes[0], 1).toFixed(1));
      shape.setAttribute("ry", Math.max(size * this.sizes[1], 1).toFixed(1));
    });
    this.grips.forEach((grip, axis) => {
      const [px, py] = this.end(axis, x, y);
      grip.put(stage.toPlace(px, py));
      const spoke = this.spokes[axis];
      for (const [name, value] of Object.entries({ x1: x, y1: y, x2: px, y2: py })) spoke.setAttribute(name, value.toFixed(1));
      grip.element.setAttribute("aria-valuemin", 0);
      grip.element.setAttribute("aria-valuemax", 180);
      const degrees = Math.round((-this.angle * 180) / Math.PI); // counted as on paper, upwards
      grip.element.setAttribute("aria-valuenow", axis ? Math.round(Math.min(180, this.sizes[1])) : ((degrees % 180) + 180) % 180);
      grip.element.setAttribute("aria-valuetext", this.told ?? "");
    });
    this.centre.put(place);
    this.onplace?.();
  }

  /** Where the grip of an axis lies: on the rim, though never under the centre's handle nor off the stage. */
  end(axis, x, y) {
    const angle = this.angle + (axis * Math.PI) / 2, way = [Math.cos(angle), Math.sin(angle)];
    const far = Math.max(RIM * this.sizes[axis], NEAREST);
    const [left, bottom] = this.stage.toPixels([0, 0]), [right, top] = this.stage.toPixels([1, 1]);
    const room = (sign) => {
      const along = (from, step, low, high) => (Math.abs(step) < 1e-9 ? Infinity : ((step > 0 ? high : low) - from) / step);
      return Math.min(along(x, sign * way[0], left, right), along(y, sign * way[1], top, bottom));
    };
    const sign = room(1) >= Math.min(far, room(-1)) ? 1 : -1;
    const length = Math.max(Math.min(far, room(sign)), 0);
    return [x + sign * length * way[0], y + sign * length * way[1]];
  }

  /** Pull the grip of an axis to a pixel: its distance from the centre stretches, its direction turns. */
  pull(axis, [px, py], drag, done) {
    if (done && this.from?.drag === drag) return this.change(drag, true); // as it was left
    this.arrive();
    const [x, y] = this.stage.toPixels(this.stage.toFractions(this.mean));
    if (this.from?.drag !== drag) {
      const [ex, ey] = this.end(axis, x, y);
      this.from = { drag, angle: this.angle, sizes: [...this.sizes], length: Math.max(Math.hypot(ex - x, ey - y), 8), way: Math.atan2(ey - y, ex - x) };
    }
    const { angle, sizes, length, way } = this.from;
    this.stretch(axis, sizes, Math.max(Math.hypot(px - x, py - y), 2) / length);
    if (axis === 0 && this.free() === "turn") this.angle = angle + Math.atan2(py - y, px - x) - way;
    this.change(drag, done);
  }

  stretch(axis, sizes, factor) {
    const keep = (size) => Math.min(MOST * this.stage.width, Math.max(LEAST, size * factor));
    this.sizes = sizes.map((size, i) => (i === axis || this.free() === "round" ? keep(size) : size));
  }

  key(axis, event) {
    const far = event.shiftKey;
    const turn = { ArrowLeft: -1, ArrowRight: 1 }[event.key], grow = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!turn && !grow) return false;
    this.arrive();
    if (turn && axis === 0 && this.free() === "turn") this.angle += turn * (far ? TURN_FAR : TURN);
    if (grow) this.stretch(axis, [...this.sizes], (far ? GROW_FAR : GROW) ** grow);
    this.change(newDrag(), true);
    return true;
  }

  change(drag, done) {
    this.held = true; // until the kernel has caught up, its older answers do not pull the ellipse back
    const covariance = this.covariance();
    this.draw();
    this.onchange(this.mean, covariance, drag, done);
  }
}
