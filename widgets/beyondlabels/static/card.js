// What every card is made of: one way to make elements, and one to bind them to the model.
import { ownKeys } from "./keys.js";

/** The text with each number held to its "%" by a no-break space, so that no line ends between them. */
export const unbroken = (text) => String(text ?? "").replace(/(\d) %/g, "$1\u00a0%");

/** "1 operation", "1,200 operations". */
export const counted = (many, one) => `${many.toLocaleString("en")} ${one}${many === 1 ? "" : "s"}`;

const VERBATIM = ["code", "pre"]; // copied, so not a character may change

/** Make an element: h("button", { class: "primary", onclick }, "Check"). Text is always text, never markup; a number and its "%" stay on one line. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  const set = (child) => (typeof child === "string" && !VERBATIM.includes(tag) ? unbroken(child) : child);
  element.append(...children.flat().filter((child) => child != null).map(set));
  return element;
}

/** Markdown-light as nodes: `code` and **strong**; the rest is text. */
export const inline = (text) => text.split(/(`[^`]*`|\*\*[^*]*\*\*)/).map((piece) =>
  piece.startsWith("`") ? h("code", {}, piece.slice(1, -1)) : piece.startsWith("**") ? h("b", {}, piece.slice(2, -2)) : piece);

/** Paragraphs of markdown-light. */
export const prose = (text) => text.split("\n\n").map((part) => h("p", {}, inline(part)));

/** Call `update` now and whenever one of the named traits changes; returns a function that stops it. */
export function follow(model, names, update) {
  const events = names.map((name) => `change:${name}`).join(" ");
  model.on(events, update);
  update();
  return () => model.off(events, update);
}

/** The sentence under a card: what just happened, for eyes and for a screen reader. */
export function saidLine(model) {
  const line = h("p", { class: "said", role: "status", "aria-live": "polite" });
  follow(model, ["said"], () => { line.textContent = unbroken(model.get("said")); });
  return line;
}

/** The card: its act as a tag ("Explore"), its question as a heading, and what it holds. `kind` is its own class.
    A group, not a landmark: a page may hold two of one name. Keys pressed inside belong to the card. */
export function card(kind, tag, question, ...children) {
  const heading = h("h3", {}, h("span", { class: "tag" }, tag), question);
  return ownKeys(h("div", { class: `bl ${kind}`, role: "group", "aria-label": `${tag}: ${question}` }, heading, ...children));
}

/** Put the text of a code element on the clipboard; where there is none, select it, so that the keyboard can copy. */
export async function copy(code, button) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  } catch { // no clipboard outside a secure context
    getSelection().selectAllChildren(code);
    button.textContent = "Selected: press Ctrl or ⌘ + C";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 2500);
}
