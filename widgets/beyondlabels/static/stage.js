// The stage of an explorable: axes with units, a thin grid, points on a canvas, handles above them. Places are fractions
// of the axes' range, (0, 0) bottom left; the kernel's half is explore/stage.py.
import { h } from "./card.js";

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = { left: 32, right: 16, top: 14, bottom: 46 }; // pixels; on the left, room for the numbers comes on top
export const DRAGGABLE = 5000; // above this points are pixels: shapes cost 15 ms per 10,000, pixels 0.3 ms
const NONE = 255, NOISE = 254;
const HOLLOW = 64; // added to a group: the same colour and shape, not filled
export const SHAPES = ["circle", "square", "triangle", "diamond", "plus", "cross"];

export function svg(tag, properties = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** The outline of a group's marker around (0, 0), as SVG path data; `r` is about half its width in pixels. */
export function markerPath(group, r) {
  const t = r * 0.36; // half the thickness of plus and cross
  const plus = `M${-r} ${-t}H${-t}V${-r}H${t}V${-t}H${r}V${t}H${t}V${r}H${-t}V${t}H${-r}Z`;
  const turn = (x, y) => `${(x - y) * Math.SQRT1_2} ${(x + y) * Math.SQRT1_2}`;
  const corners = [[-r, -t], [-t, -t], [-t, -r], [t, -r], [t, -t], [r, -t], [r, t], [t, t], [t, r], [-t, r], [-t, t], [-r, t]];
  return [
    `M${-r * 0.95} 0a${r * 0.95} ${r * 0.95} 0 1 1 ${r * 1.9} 0a${r * 0.95} ${r * 0.95} 0 1 1 ${-r * 1.9} 0Z`,
    `M${-r * 0.88} ${-r * 0.88}H${r * 0.88}V${r * 0.88}H${-r * 0.88}Z`,
    `M0 ${-r * 1.1}L${r * 1.1} ${r * 0.85}H${-r * 1.1}Z`,
    `M0 ${-r * 1.2}L${r * 1.1} 0L0 ${r * 1.2}L${-r * 1.1} 0Z`,
    plus,
    `M${corners.map(([x, y]) => turn(x * 1.1, y * 1.1)).join("L")}Z`,
  ][group];
}

/** A number with so many decimals, thousands apart and a true minus. */
export function figure(value, decimals) {
  return value.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).replace("-", "−");
}

/** A value in an axis' words: "39.1 mm". */
export const say = (axis, value) => `${figure(value, axis.decimals)} ${axis.unit}`.trim();

/** Round values that cut a range into about `parts`. */
export function ticks({ low, high }, parts) {
  const rough = (high - low) / Math.max(1, parts);
  const power = 10 ** Math.floor(Math.log10(rough));
  const steps = [0.5, 1, 2, 5, 10].map((factor) => factor * power);
  const at = steps.findIndex((step) => step >= rough * 0.999);
  const cut = (step) => { const found = []; for (let i = Math.ceil(low / step); i * step <= high; i++) found.push(i * step + 0) /* + 0: never −0 */; return found; };
  const step = cut(steps[at]).length > 1 ? steps[at] : steps[at - 1]; // one value alone gives an axis no scale
  return { found: cut(step), decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

export class Stage {
  /** axes: two of {label, unit, low, high, decimals}. onlayout: called when size or theme changed, to draw again.
      equal: one unit is as long across as up, as on a map, and `look` can magnify it. lowest: the least height in pixels. */
  constructor(axes, onlayout, { equal = false, lowest = 270 } = {}) {
    Object.assign(this, { axes, equal, lowest, inset: [0, 0], zoom: 1, focus: [0.5, 0.5] });
    this.grid = svg("svg", { class: "grid", "aria-hidden": "true" });
    this.canvas = h("canvas", { role: "img" });
    this.over = svg("svg", { class: "over" });
    this.trails = this.over.appendChild(svg("g", { "aria-hidden": "true" }));
    this.element = h("div", { class: "stage" }, this.grid, this.canvas, this.over);
    this.sprites = [];
    this.layout = () => { this.measure(); onlayout(); };
    this.sizes = new ResizeObserver(() => { if (![0, this.width].includes(this.element.clientWidth)) this.layout(); });
    this.sizes.observe(this.element);
    this.themes = new MutationObserver(this.layout); // JupyterLab changes its theme by attributes of the body
    this.themes.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name", "class"] });
  }

  destroy() {
    this.sizes.disconnect();
    this.themes.disconnect();
  }

  measure() {
    this.width = this.element.clientWidth || this.width; // JupyterLab hides everything for a moment as the theme changes
    if (!this.width) return;
    this.height = this.tall();
    this.element.style.height = `${this.height}px`;
    this.ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(this.width * this.ratio);
    this.canvas.height = Math.round(this.height * this.ratio);
    const look = getComputedStyle(this.element);
    this.colours = SHAPES.map((_, group) => look.getPropertyValue(`--data-${group}`).trim());
    this.plain = look.getPropertyValue("--muted").trim();
    this.ink = look.getPropertyValue("color");
    this.sprites = [];
    const plot = this.height - MARGIN.top - MARGIN.bottom;
    this.upTicks = ticks(this.axes[1], plot / Math.min(64, this.height / 6));
    const longest = Math.max(0, ...this.upTicks.found.map((value) => figure(value, this.upTicks.decimals).length));
    this.margin = { ...MARGIN, left: MARGIN.left + 7 * longest };
    if (this.equal) this.inset = this.room();
    if (this.equal) this.canvas.style.clipPath = `inset(${MARGIN.top}px ${MARGIN.right}px ${MARGIN.bottom}px ${this.margin.left}px)`;
    this.drawGrid();
  }

  /** The height that a map of this width asks for. */
  mapHeight() {
    const [wide, high] = this.axes.map(({ low, high }) => high - low);
    const plot = this.width - MARGIN.left - MARGIN.right - 35;
    return Math.round(Math.min(560, Math.max(270, (plot * high) / wide + MARGIN.top + MARGIN.bottom)));
  }

  /** Pixels left free on either side, across and up, so that one unit is as long both ways. */
  room() {
    const { left, right, top, bottom } = this.margin;
    const sides = [this.width - left - right, this.height - top - bottom];
    const units = this.axes.map(({ low, high }) => high - low);
    const scale = Math.min(...sides.map((side, i) => side / units[i]));
    return sides.map((side, i) => (side - scale * units[i]) / 2);
  }

  /** Magnify: the place `focus` in the middle, everything `zoom` times as large. What else is drawn has to be drawn again. */
  look(zoom, focus) {
    Object.assign(this, { zoom, focus });
    this.drawGrid();
  }

  /** Where the axes' ranges lie: left, right, top and bottom edge in pixels; off the stage where it is magnified. */
  edges() {
    const { left, right, top, bottom } = this.margin;
    const [a, b] = this.inset;
    const box = [left + a, this.width - right - a, top + b, this.height - bottom - b];
    if (this.zoom === 1) return box;
    const [wide, high] = [(box[1] - box[0]) * this.zoom, (box[3] - box[2]) * this.zoom];
    const start = (box[0] + box[1]) / 2 - this.focus[0] * wide, end = (box[2] + box[3]) / 2 + this.focus[1] * high;
    return [start, start + wide, end - high, end];
  }

  /** Its height in pixels. */
  tall() { return this.equal ? this.mapHeight() : Math.round(Math.min(430, Math.max(this.lowest, this.width * 0.66))); }

  /** A value as it stands beside the grid. */
  mark(axis, value, decimals) { return figure(value, decimals); }

  /** Pixels of a place, and the place of pixels (kept on the stage). */
  toPixels([u, v]) {
    const [left, right, top, bottom] = this.edges();
    return [left + u * (right - left), bottom - v * (bottom - top)];
  }

  toPlace(x, y) {
    const [left, right, top, bottom] = this.edges();
    const keep = (value) => Math.min(1, Math.max(0, value));
    return [keep((x - left) / (right - left)), keep((bottom - y) / (bottom - top))];
  }

  /** An axis as far as the stage shows it. */
  shown(i) {
    const { low, high } = this.axes[i];
    const [from, to] = i ? [this.edges()[3], this.edges()[2]] : this.edges();
    const ends = i ? [this.height - this.margin.bottom, this.margin.top] : [this.margin.left, this.width - this.margin.right];
    const [first, last] = ends.map((pixel) => low + ((pixel - from) / (to - from)) * (high - low));
    return { low: first, high: last };
  }

  /** The value of a place on its axes, and back. */
  toValues(place) { return place.map((part, i) => this.axes[i].low + part * (this.axes[i].high - this.axes[i].low)); }

  toFractions(values) { return values.map((value, i) => (value - this.axes[i].low) / (this.axes[i].high - this.axes[i].low)); }

  drawGrid() {
    const { left, right, top, bottom } = this.margin;
    const [across, up] = this.axes;
    const parts = [];
    const text = (content, properties) => parts.push(svg("text", properties, content));
    const label = (axis) => (axis.unit ? `${axis.label}, ${axis.unit}` : axis.label);
    if (this.equal) this.upTicks = ticks(this.shown(1), (this.height - top - bottom) / Math.min(64, this.height / 6));
    for (const value of this.upTicks.found) {
      const y = Math.round(this.toPixels(this.toFractions([0, value]))[1]) + 0.5;
      parts.push(svg("path", { d: `M${left} ${y}H${this.width - right}` }));
      text(this.mark(up, value, this.upTicks.decimals), { x: left - 8, y: y + 4, "text-anchor": "end" });
    }
    const tall = ticks(this.equal ? this.shown(0) : across, (this.width - left - right) / Math.min(90, this.width / 5));
    for (const value of tall.found) {
      const x = Math.round(this.toPixels(this.toFractions([value, 0]))[0]) + 0.5;
      parts.push(svg("path", { d: `M${x} ${top}V${this.height - bottom}` }));
      text(this.mark(across, value, tall.decimals), { x, y: this.height - bottom + 17, "text-anchor": "middle" });
    }
    text(label(across), { class: "title", x: left + (this.width - left - right) / 2, y: this.height - 9, "text-anchor": "middle" });
    const middle = top + (this.height - top - bottom) / 2;
    text(label(up), { class: "title", transform: `translate(17 ${middle}) rotate(-90)`, "text-anchor": "middle" });
    this.grid.replaceChildren(...parts);
  }

  /** Lines below the points, such as borders on a map: each a list of places, x and y in turns. */
  drawLines(lines) {
    const { left, right, top, bottom } = this.margin;
    const [width, height] = [this.width - left - right, this.height - top - bottom];
    const way = (line) => `M${line.map((_, i) => (i % 2 ? "" : this.toPixels([line[i], line[i + 1]]).map((value) => value.toFixed(1)).join(" "))).filter(Boolean).join("L")}`;
    const shape = svg("path", { class: "lines", d: lines.map(way).join("") });
    this.grid.append(svg("svg", { x: left, y: top, width, height, viewBox: `${left} ${top} ${width} ${height}` }, shape));
  }

  /** Draw points (Float32Array, x and y in turns) in the colours and shapes of their groups (Uint8Array, 255: none yet).
      `paint`, where given, is a CSS colour for each point instead of its group's; pixels, for many points, keep the group's. */
  drawPoints(points, groups, paint) {
    if (!this.width) return;
    const context = this.canvas.getContext("2d");
    if (groups.length > DRAGGABLE) this.drawPixels(context, points, groups);
    else this.drawShapes(context, points, groups, paint);
  }

  drawShapes(context, points, groups, paint) {
    const { ratio } = this;
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const r = groups.length > 1500 || this.width < 420 ? 3 : 4;
    for (let i = 0; i < groups.length; i++) {
      const [x, y] = this.toPixels([points[2 * i], points[2 * i + 1]]);
      const sprite = (this.sprites[groups[i] + (paint?.[i] ?? "")] ??= this.makeSprite(groups[i], r, paint?.[i]));
      context.drawImage(sprite, Math.round(x * ratio - sprite.width / 2), Math.round(y * ratio - sprite.height / 2));
    }
  }

  /** One marker drawn once. The darker (on dark: lighter) rim keeps pale colours 3:1 away from the surface. */
  makeSprite(code, r, own) {
    if (code === NOISE) return this.makeCross(r * 0.75);
    const hollow = code !== NONE && code >= HOLLOW, group = hollow ? code - HOLLOW : code;
    const colour = own ?? this.colours[group];
    const sprite = document.createElement("canvas");
    sprite.width = sprite.height = Math.ceil((2.6 * r + 3) * this.ratio);
    const context = sprite.getContext("2d");
    context.translate(sprite.width / 2, sprite.height / 2);
    context.scale(this.ratio, this.ratio);
    const path = new Path2D(markerPath(group === NONE ? 0 : group, group === NONE ? r * 0.8 : r));
    context.globalAlpha = group === NONE ? 0.55 : 0.78;
    context.fillStyle = group === NONE ? this.plain : colour;
    if (!hollow) context.fill(path);
    context.globalAlpha = group === NONE ? 0.6 : 0.9;
    context.lineWidth = hollow ? 1.5 : 0.9;
    context.strokeStyle = group === NONE ? this.plain : `color-mix(in srgb, ${colour} 72%, ${this.ink})`;
    context.stroke(path);
    return sprite;
  }

  /** Noise: two thin strokes. */
  makeCross(r) {
    const sprite = document.createElement("canvas");
    sprite.width = sprite.height = Math.ceil((2.6 * r + 3) * this.ratio);
    const context = sprite.getContext("2d");
    context.translate(sprite.width / 2, sprite.height / 2);
    context.scale(this.ratio, this.ratio);
    context.globalAlpha = 0.85;
    context.strokeStyle = this.plain;
    context.stroke(new Path2D(`M${-r} ${-r}L${r} ${r}M${-r} ${r}L${r} ${-r}`));
    return sprite;
  }

  drawPixels(context, points, groups) {
    const { width, height } = this.canvas;
    const image = context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const colours = new Uint32Array(256).fill(this.packed(this.plain));
    this.colours.forEach((colour, group) => { colours[group] = this.packed(colour); });
    const size = Math.max(1, Math.round(this.ratio * (groups.length > 200000 ? 1 : groups.length > 30000 ? 1.5 : 2.4)));
    const [left, bottom] = this.toPixels([0, 0]).map((value) => value * this.ratio);
    const [right, top] = this.toPixels([1, 1]).map((value) => value * this.ratio);
    const half = (size - 1) / 2;
    for (let i = 0; i < groups.length; i++) {
      const x = Math.round(left + points[2 * i] * (right - left) - half);
      const y = Math.round(bottom + points[2 * i + 1] * (top - bottom) - half);
      const colour = colours[groups[i]];
      for (let row = y; row < y + size; row++) for (let column = x; column < x + size; column++) pixels[row * width + column] = colour;
    }
    context.putImageData(image, 0, 0);
  }

  packed(colour) {
    this.one ??= h("canvas", { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
    this.one.fillStyle = colour;
    this.one.fillRect(0, 0, 1, 1);
    return new Uint32Array(this.one.getImageData(0, 0, 1, 1).data.buffer)[0];
  }

  /** Number of the point nearest to the pixel (x, y) within `reach` pixels, or -1. */
  pointAt(points, x, y, reach) {
    if (points.length / 2 > DRAGGABLE) return -1;
    let best = -1, least = reach * reach;
    for (let i = 0; i < points.length / 2; i++) {
      const [px, py] = this.toPixels([points[2 * i], points[2 * i + 1]]);
      const distance = (px - x) ** 2 + (py - y) ** 2;
      if (distance <= least) [best, least] = [i, distance];
    }
    return best;
  }

  fromEvent(event) {
    const box = this.element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }
}
