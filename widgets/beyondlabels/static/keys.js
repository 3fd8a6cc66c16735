// Keys pressed in a card belong to the card. JupyterLab would take arrows and Enter on a focused button, slider or radio
// for notebook commands; it looks for this attribute on the focused element first, so an ancestor's comes too late.
// Escape, where the card has no use for it, leads back to the notebook, so that a keyboard can leave a card of many stops.

/** Mark whatever gets the focus inside `element`, so that JupyterLab leaves its keys alone. Returns `element`. */
export function ownKeys(element) {
  element.addEventListener("focusin", (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true"));
  element.addEventListener("keydown", (event) => {
    const cell = element.closest(".jp-Cell");
    if (event.key !== "Escape" || event.defaultPrevented || !cell) return;
    event.preventDefault();
    if (!cell.hasAttribute("tabindex")) cell.tabIndex = -1;
    cell.focus({ preventScroll: true });
  });
  return element;
}
