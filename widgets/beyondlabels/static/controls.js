// The controls beside a stage: steppers, choices, play, numbers, a legend. Each is built once and told what to show.
import { h, unbroken } from "./card.js";
import { SHAPES, markerPath, svg } from "./stage.js";

/** A slider between − and + with its name and value above. onask(value): the learner wants this value.
    `show(value)` sets it; `tell(value)` writes it, `speak(value)` says it to a screen reader. `fewer` and `more` name the buttons. */
export function stepper({ label, min, max, step = 1, tell = String, speak = tell, fewer = `less ${label}`, more = `more ${label}`, onask }) {
  const output = h("output", {});
  const decimals = (String(step).split(".")[1] ?? "").length;
  const range = h("input", { type: "range", min, max, step, "aria-label": label, oninput: () => ask(Number(range.value)) });
  const down = h("button", { class: "square", "aria-label": fewer, onclick: () => ask(Number(range.value) - step) }, "−");
  const up = h("button", { class: "square", "aria-label": more, onclick: () => ask(Number(range.value) + step) }, "+");
  const element = h("div", { class: "named" }, h("span", {}, label), output, h("span", { class: "stepper" }, down, range, up));

  function ask(value) {
    const rounded = Number(value.toFixed(decimals));
    if (rounded < Number(range.min) || rounded > Number(range.max)) return;
    show(rounded);
    onask(rounded);
  }

  function show(value) {
    range.value = value;
    output.textContent = unbroken(tell(value));
    range.setAttribute("aria-valuetext", speak(value));
    down.setAttribute("aria-disabled", value <= Number(range.min));
    up.setAttribute("aria-disabled", value >= Number(range.max));
  }

  return { element, range, show, value: () => Number(range.value) };
}

/** A named list of options, [value, words] each. `show(value)` selects one. */
export function choice(label, options, onask) {
  const select = h("select", { onchange: () => onask(select.value) }, ...options.map(([value, words]) => h("option", { value }, words)));
  return { element: h("label", {}, h("span", {}, label), select), select, show: (value) => { select.value = value; } };
}

/** A switch with its name. `show(on)` sets it. */
export function toggle(label, onask) {
  const box = h("input", { type: "checkbox", onchange: () => onask(box.checked) });
  return { element: h("label", { class: "toggle" }, h("span", {}, label), box), box, show: (on) => { box.checked = on; } };
}

/** Play and Pause: asks for a step, and for the next one `pace` ms after each answer, until `answered(true)` says it is done. */
export function player(onstep, pace = 750) {
  let timer, playing = false;
  const element = h("button", { class: "play", onclick: () => (playing ? pause() : start()) }, "Play");

  function start() {
    playing = true;
    element.textContent = "Pause";
    onstep();
  }

  function pause() {
    playing = false;
    clearTimeout(timer);
    element.textContent = "Play";
  }

  function answered(done) {
    if (!playing) return;
    clearTimeout(timer);
    if (done) pause();
    else timer = setTimeout(onstep, pace);
  }

  return { element, pause, answered };
}

/** A short list of names and numbers. `show(name, value, small)` sets one, with what stands small beside it. */
export function numbers(names) {
  const values = Object.fromEntries(names.map((name) => [name, h("dd", {})]));
  const element = h("dl", {}, ...names.map((name) => h("div", {}, h("dt", {}, name), values[name])));
  const show = (name, value, small = "") => values[name].replaceChildren(unbroken(value), ...(small ? [h("small", {}, ` ${small}`)] : []));
  return { element, show };
}

/** The legend of groups: marker and words for each; `show([[group, words], ...])`, none hides it. */
export function legend(label) {
  const element = h("ul", { class: "legend", "aria-label": label });
  const mark = (group) => svg("svg", { viewBox: "-7 -7 14 14", width: "14", height: "14", "aria-hidden": "true", style: `fill:var(--data-${group}, var(--muted))` },
    svg("path", { d: group < SHAPES.length ? markerPath(group, 5) : markerPath(0, 3.5) }));
  const show = (items) => {
    element.hidden = !items.length;
    element.replaceChildren(...items.map(([group, words]) => h("li", {}, mark(group), words)));
  };
  return { element, show };
}
