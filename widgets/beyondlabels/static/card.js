// What every card is made of: one way to make elements, and one to bind them to the model.

/** Make an element: h("button", { class: "primary", onclick }, "Check"). Text is always text, never markup. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null));
  return element;
}

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
  follow(model, ["said"], () => { line.textContent = model.get("said"); });
  return line;
}
