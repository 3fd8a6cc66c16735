// A handle on the stage: follows the hand at once, moves with the arrow keys, and says where it is in the axes' units.
import { say, svg } from "./stage.js";

const NEAR = 0.01, FAR = 0.1; // an arrow key's step as a share of the axis; with Shift
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
export const TRAVEL = 220; // ms
let drags = 0;

/** Whether things may move by themselves. */
export const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A name for one drag or key press, so that the kernel tells the whole of it in one sentence. */
export const newDrag = () => `${Date.now().toString(36)}-${++drags}`;

/** Follow a pointer from `event` on: move(pixels) as it moves, end() when it is lifted or taken away. */
export function followPointer(stage, target, event, move, end) {
  event.preventDefault();
  target.setPointerCapture(event.pointerId);
  const stop = new AbortController();
  const own = (listener) => (next) => { if (next.pointerId === event.pointerId) listener(next); };
  const finish = own(() => { stop.abort(); end(); });
  target.addEventListener("pointermove", own((next) => move(stage.fromEvent(next))), { signal: stop.signal });
  for (const name of ["pointerup", "pointercancel"]) target.addEventListener(name, finish, { signal: stop.signal });
}

/** The place an arrow key moves `place` to, or null for another key. */
export function afterKey(place, event) {
  const way = ARROWS[event.key];
  if (!way || event.ctrlKey || event.metaKey || event.altKey) return null;
  event.preventDefault();
  const step = event.shiftKey ? FAR : NEAR;
  return place.map((part, i) => Math.min(1, Math.max(0, part + way[i] * step)));
}

/** Tell a screen reader where a two-dimensional slider stands. */
export function sayPlace(element, stage, place) {
  const values = stage.toValues(place);
  element.setAttribute("aria-valuenow", values[0].toFixed(stage.axes[0].decimals));
  element.setAttribute("aria-valuetext", stage.axes.map((axis, i) => `${axis.label} ${say(axis, values[i])}`).join(", "));
}

/** Attributes of a two-dimensional slider; its value is the horizontal one, its text says both. */
export function sliderAttributes(stage, label) {
  const [{ low, high, decimals }] = stage.axes;
  return {
    tabindex: "0", role: "slider", "aria-roledescription": "two-dimensional slider", "aria-label": label,
    "aria-valuemin": low.toFixed(decimals), "aria-valuemax": high.toFixed(decimals),
  };
}

export class Handle {
  /** onmove(place, drag, done): the learner moved it. text: what stands inside; colour: a CSS colour; onplace: it was drawn elsewhere. */
  constructor(stage, { label, text, colour, onmove, onplace }) {
    Object.assign(this, { stage, onmove, onplace, held: false, shown: null, place: null });
    const number = svg("text", { y: "4.5" }, text);
    const ring = svg("circle", { class: "ring", r: "13.5", style: `stroke:color-mix(in srgb, ${colour} 84%, var(--ink))` });
    this.element = svg("g", { class: "handle", ...sliderAttributes(stage, label) },
      ...[["reach", 22], ["focus", 19], ["halo", 16.5]].map(([name, r]) => svg("circle", { class: name, r })), ring, number);
    this.element.addEventListener("pointerdown", (event) => this.drag(event));
    this.element.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false }); // drag, do not scroll
    this.element.addEventListener("keydown", (event) => this.key(event));
    stage.over.append(this.element);
  }

  remove() {
    cancelAnimationFrame(this.motion);
    this.element.remove();
  }

  /** Stand at a place; with `travel`, go there in a moment. */
  put(place, travel = false) {
    cancelAnimationFrame(this.motion);
    this.place = place;
    sayPlace(this.element, this.stage, place);
    const from = this.shown;
    if (!travel || !from || calm() || Math.hypot(place[0] - from[0], place[1] - from[1]) < 1e-4) return this.show(place);
    const start = performance.now();
    const frame = (now) => {
      const part = Math.min(1, Math.max(0, (now - start) / TRAVEL));
      const eased = 1 - (1 - part) ** 3;
      this.show(from.map((value, i) => value + (place[i] - value) * eased));
      if (part < 1) this.motion = requestAnimationFrame(frame);
    };
    this.motion = requestAnimationFrame(frame);
  }

  show(place) {
    this.shown = place;
    if (!this.stage.width) return;
    this.element.setAttribute("transform", `translate(${this.stage.toPixels(place).map((value) => value.toFixed(1)).join(" ")})`);
    this.onplace?.();
  }

  moveTo(place, drag, done) {
    this.held = true; // until the kernel has caught up, its older answers do not pull the handle back
    this.put(place);
    this.onmove(place, drag, done);
  }

  drag(event) {
    if (event.button !== 0) return;
    this.element.focus();
    this.element.parentNode.append(this.element); // above the others; refocused because moving it drops the focus
    this.element.focus();
    const drag = newDrag();
    const [x, y] = this.stage.fromEvent(event);
    const [px, py] = this.stage.toPixels(this.shown);
    let moved = false;
    this.element.classList.add("dragged");
    followPointer(this.stage, this.element, event,
      (at) => { moved = true; this.moveTo(this.stage.toPlace(at[0] + px - x, at[1] + py - y), drag, false); },
      () => { this.element.classList.remove("dragged"); if (moved) this.moveTo(this.place, drag, true); });
  }

  key(event) {
    const place = afterKey(this.place, event);
    if (place) this.moveTo(place, newDrag(), true);
  }
}
