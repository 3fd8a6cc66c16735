// A handle at the end of a level line: it moves up and down only, and says its height in the axis' unit.
import { say } from "./stage.js";
import { Handle, newDrag } from "./handle.js";

const LEVELS = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 };

export class Level extends Handle {
  /** label: what the height is; the rest as for a handle. Its place is (1, v). */
  constructor(stage, options) {
    super(stage, { text: "", colour: "var(--data-1)", ...options });
    this.element.removeAttribute("aria-roledescription");
    this.element.setAttribute("aria-orientation", "vertical");
    this.range();
  }

  /** Tell a screen reader the ends of the axis; again whenever the axis is another. */
  range() {
    const { low, high, decimals } = this.stage.axes[1];
    for (const [name, value] of [["valuemin", low], ["valuemax", high]]) this.element.setAttribute(`aria-${name}`, value.toFixed(decimals));
  }

  put([, v]) {
    super.put([1, v]);
    const value = this.stage.toValues([1, v])[1], axis = this.stage.axes[1];
    this.element.setAttribute("aria-valuenow", value.toFixed(axis.decimals));
    this.element.setAttribute("aria-valuetext", say(axis, value));
  }

  key(event) {
    const way = LEVELS[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const v = this.place[1] + way * (event.shiftKey ? 0.1 : 0.01);
    this.moveTo([1, Math.min(1, Math.max(0, v))], newDrag(), true);
  }
}
