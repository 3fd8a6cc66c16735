// The card of one exercise. Python judges and remembers; this shows the state and sends what was pressed.
import { h, follow, card, copy, prose, unbroken } from "./card.js";

const PATIENCE = 1000; // ms without an answer before the card says what it waits for

export default {
  render({ model, el }) {
    const send = (action) => model.send({ action });
    const check = h("button", { class: "primary", type: "button", onclick: () => { busy(true); send("check"); } }, "Check");
    const hint = h("button", { type: "button", onclick: () => { if (hint.getAttribute("aria-disabled") !== "true") send("hint"); } });
    const solution = h("button", { type: "button", onclick: () => send(model.get("solution_code") ? "hide solution" : "solution") });
    const done = h("span", { class: "badge ok" }, "✓ Done");
    const verdict = h("div", { role: "status", "aria-live": "polite" });
    const question = h("div", { role: "status", "aria-live": "polite" });
    const hints = h("div", { role: "status", "aria-live": "polite" });
    const answer = h("div");
    const note = h("p", { class: "muted" });
    const whole = card("bl-exercise", model.get("tag"), model.get("title"), ...prose(model.get("text")),
      h("div", { class: "row" }, check, hint, solution), verdict, hints, question, answer, note);
    whole.querySelector("h3").append(" ", done);
    el.append(whole);

    let waiting; // a timer while Python has not answered
    function busy(on) {
      clearTimeout(waiting);
      if (on) waiting = setTimeout(() => verdict.replaceChildren(h("p", { class: "msg plain" }, "A cell is still running; the check follows when it has ended. ",
        "If no cell runs, the kernel has stopped: run this cell again.")), PATIENCE);
      check.textContent = on ? "Checking…" : "Check";
      verdict.setAttribute("aria-busy", String(on));
    }
    function showVerdict() {
      busy(false);
      const state = model.get("state");
      done.hidden = !model.get("done");
      note.textContent = unbroken(model.get("note"));
      note.hidden = !model.get("note");
      if (!state) return;
      const [first, ...rest] = prose(model.get("message"));
      first.prepend(h("b", {}, (state === "right" ? "✓ " : "") + model.get("word")), " ");
      verdict.replaceChildren(h("div", { class: `msg ${{ right: "right", "not yet": "notyet" }[state] ?? "plain"}` }, first, ...rest));
    }
    function showHints() {
      const shown = model.get("hints_shown");
      const total = model.get("hints_total");
      hint.textContent = shown.length < total ? `Hint ${shown.length + 1} of ${total}` : "All hints shown";
      hint.setAttribute("aria-disabled", String(shown.length === total)); // disabled, it would lose the focus
      for (const text of shown.slice(hints.children.length)) {
        const [first, ...rest] = prose(text);
        first.prepend(h("b", {}, `Hint ${hints.children.length + 1}.`), " ");
        hints.append(h("div", { class: "msg plain" }, first, ...rest));
      }
    }
    function showSolution() {
      const code = model.get("solution_code");
      solution.textContent = code ? "Hide solution" : "Solution";
      solution.setAttribute("aria-expanded", String(Boolean(code)));
      if (!code) return answer.replaceChildren();
      const text = h("code", {}, code);
      const button = h("button", { type: "button", onclick: () => copy(text, button) }, "Copy");
      answer.replaceChildren(h("div", { class: "solution" }, h("div", { class: "row" }, h("b", {}, "One solution"), button),
        h("pre", { tabindex: "0", role: "region", "aria-label": "Solution code" }, text)));
    }
    function showQuestion() {
      const asking = model.get("asking");
      if (!asking) return question.replaceChildren();
      const choose = (action) => () => { send(action); solution.focus(); };
      question.replaceChildren(h("div", { class: "msg plain" }, h("p", {}, asking), h("div", { class: "row" },
        h("button", { type: "button", onclick: choose("solution") }, "Show it"), h("button", { type: "button", onclick: choose("leave solution") }, "Not now"))));
    }
    const stops = [
      follow(model, ["answered", "done", "note"], showVerdict), follow(model, ["hints_shown"], showHints),
      follow(model, ["solution_code"], showSolution), follow(model, ["asking"], showQuestion),
    ];
    return () => { clearTimeout(waiting); stops.forEach((stop) => stop()); };
  },
};
