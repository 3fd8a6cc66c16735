// Predict: commit first. Reveal: the result drawn against what was committed.
import { h, follow, saidLine, card, prose, unbroken } from "./card.js";

let fields = 0;

/** The input of a question: what to show, what it holds now, and where the focus goes. */
function field(model) {
  const kind = model.get("kind");
  const label = model.get("question");
  const unit = model.get("unit");
  if (kind === "choice") {
    const name = `bl-choice-${fields++}`;
    const radios = model.get("choices").map((choice) => h("input", { type: "radio", name, value: choice }));
    const box = h("div", { role: "radiogroup", "aria-label": label, class: "choices" },
      radios.map((radio) => h("label", {}, radio, h("span", {}, radio.value))));
    return { box, target: radios[0], value: () => radios.find((radio) => radio.checked)?.value ?? null };
  }
  const [low, high, step, start] = ["low", "high", "step", "start"].map((trait) => model.get(trait));
  const name = unit ? `${label} (${unit})` : label;
  if (kind === "number") {
    const input = h("input", { type: "number", min: low, max: high, step, value: start, "aria-label": name });
    return { box: h("span", { class: "row" }, input, h("span", {}, unit)), target: input, value: () => (input.value === "" ? null : Number(input.value)) };
  }
  const middle = low + Math.round((high - low) / 2 / step) * step;
  const input = h("input", { type: "range", min: low, max: high, step, value: start ?? middle, "aria-label": name });
  const output = h("output", {});
  const show = () => { output.textContent = unbroken(`${input.value} ${unit}`.trim()); input.setAttribute("aria-valuetext", output.textContent); };
  input.addEventListener("input", show);
  show();
  return { box: h("span", { class: "row slide" }, input, output), target: input, value: () => Number(input.value) };
}

function renderPredict(model, el) {
  const body = h("div");
  const trouble = h("div", { role: "status", "aria-live": "polite" });
  const note = h("p", { class: "muted" });
  el.append(card("bl-prediction", "Predict", model.get("question"), body, trouble, saidLine(model), note));
  let open = false; // asked again after a commit
  let focus = false;

  function draw() {
    const committed = model.get("committed");
    note.textContent = unbroken(model.get("note"));
    note.hidden = !model.get("note");
    if (committed.length && !open) {
      const again = h("button", { type: "button", onclick: () => { open = focus = true; draw(); } }, "Predict again");
      const value = committed.at(-1);
      const text = typeof value === "string" ? value : `${value} ${model.get("unit")}`.trim();
      body.replaceChildren(h("div", { class: "row" }, h("span", { class: "badge ok" }, "✓ Committed"), h("b", {}, text), again));
      if (focus) again.focus({ preventScroll: true });
      focus = false;
      return;
    }
    const { box, target, value } = field(model);
    const commit = () => { focus = true; model.send({ action: "commit", value: value() }); };
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); commit(); } });
    body.replaceChildren(h("div", { class: model.get("kind") === "choice" ? "stack" : "row" }, box,
      h("div", { class: "row" }, h("button", { class: "primary", type: "button", onclick: commit }, "Commit"),
        h("span", { class: "muted" }, "Kept before anything is shown."))));
    if (focus) target.focus({ preventScroll: true });
    focus = false;
  }
  const drawTrouble = () => {
    const text = model.get("trouble");
    trouble.replaceChildren(...(text ? [h("p", { class: "msg notyet" }, text)] : []));
  };
  const stops = [follow(model, ["committed"], () => { open = false; draw(); }), follow(model, ["note"], () => {
    note.textContent = unbroken(model.get("note"));
    note.hidden = !model.get("note");
  }), follow(model, ["trouble"], drawTrouble)];
  return () => stops.forEach((stop) => stop());
}

const svg = (tag, properties, ...children) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

/** A number line as wide as there is room: what was predicted above it (a ring), what came out below it (a filled diamond). */
function numberLine(model, room) {
  const [low, high, predicted, actual] = ["low", "high", "predicted", "actual"].map((trait) => model.get(trait));
  const width = Math.min(440, Math.max(220, room || 440));
  const x = (value) => 24 + ((value - low) / (high - low || 1)) * (width - 48);
  const side = (value) => (x(value) < width / 4 ? "start" : x(value) > (width * 3) / 4 ? "end" : "middle");
  const at = (value) => ({ start: Math.max(4, x(value) - 10), end: Math.min(width - 4, x(value) + 10), middle: x(value) })[side(value)];
  const text = (value, y, words, extra = {}) => svg("text", { x: at(value), y, "text-anchor": side(value), ...extra }, words);
  const parts = [svg("path", { d: `M24 44H${width - 24}`, class: "line" }), svg("path", { d: `M24 39v10M${width - 24} 39v10`, class: "line" })];
  for (const [value, words, anchor, place] of [[low, model.get("low_text"), "start", 16], [high, model.get("high_text"), "end", width - 16]]) {
    if (Math.abs(x(actual) - x(value)) > 120) parts.push(svg("text", { x: place, y: 70, "text-anchor": anchor, class: "end" }, words));
  }
  if (predicted !== null) {
    parts.push(svg("path", { d: `M${x(predicted)} 44H${x(actual)}`, class: "gap" }));
    parts.push(svg("circle", { cx: x(predicted), cy: 44, r: 7, class: "predicted" }));
    parts.push(text(predicted, 24, `you: ${model.get("predicted_text")}`));
  }
  parts.push(svg("path", { d: `M${x(actual)} 35l9 9l-9 9l-9 -9z`, class: "actual" }));
  parts.push(text(actual, 72, `result: ${model.get("actual_text")}`, { class: "strong" }));
  return svg("svg", { viewBox: predicted === null ? `0 26 ${width} 54` : `0 0 ${width} 80`, role: "img", class: "number-line", "aria-label": model.get("said") }, ...parts);
}

function choiceRows(model) {
  const [predicted, actual] = [model.get("predicted"), model.get("actual")];
  const rows = [["Result", actual, ""]];
  if (predicted !== null) rows.unshift(["You said", predicted, predicted === actual ? "✓ the same" : "≠ something else"]);
  return h("dl", {}, rows.flatMap(([name, value, mark]) => [h("dt", {}, name), h("dd", {}, value, " ", mark ? h("small", {}, mark) : null)]));
}

function renderReveal(model, el) {
  const body = h("div");
  const explanation = model.get("explanation");
  const said = saidLine(model);
  said.classList.toggle("unseen", typeof model.get("actual") === "string"); // two rows show it to the eyes
  el.append(card("bl-prediction", "Result", model.get("question"), body, said, explanation ? prose(explanation) : null));
  const draw = () => body.replaceChildren(typeof model.get("actual") === "string" ? choiceRows(model) : numberLine(model, body.clientWidth));
  const watch = new ResizeObserver(draw); // the line is drawn for the room there is, so its words keep their size
  watch.observe(body);
  const stop = follow(model, ["predicted", "actual", "actual_text", "low", "high", "said"], draw);
  return () => { stop(); watch.disconnect(); };
}

export default {
  render({ model, el }) {
    return model.get("role") === "predict" ? renderPredict(model, el) : renderReveal(model, el);
  },
};
