// Keys pressed in a card belong to the card. JupyterLab would take arrows and Enter on a focused button, slider or radio
// for notebook commands; it looks for this attribute on the focused element first, so an ancestor's comes too late.

/** Mark whatever gets the focus inside `element`, so that JupyterLab leaves its keys alone. Returns `element`. */
export function ownKeys(element) {
  element.addEventListener("focusin", (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true"));
  return element;
}
