// The program as a list: a tree of groups and operations, one of them chosen.
import { h } from "./card.js";

/** The list in its frame. onpick(key); onkey(event, key). Rows: [{ key, level, name, second, group: null | "open" | "closed", flags, words }]. */
export class List {
  constructor({ onpick, onfold, onkey }) {
    this.element = h("div", { class: "list", role: "tree", tabindex: "0", "aria-label": "Operations, in the order in which they run" });
    this.element.addEventListener("keydown", onkey);
    this.element.addEventListener("click", (event) => {
      const row = event.target.closest("[data-row]");
      if (!row) return;
      if (event.target.closest(".fold")) onfold(row.dataset.row);
      else onpick(row.dataset.row);
    });
    this.id = `glass-${Math.random().toString(36).slice(2)}`;
  }

  draw(rows) {
    this.rows = new Map(rows.map((row, index) => [row.key, line(row, `${this.id}-${index}`)]));
    const empty = h("p", { class: "muted" }, "No operation has this in its name or kind.");
    this.element.replaceChildren(...(rows.length ? this.rows.values() : [empty]));
  }

  select(key) {
    const before = this.rows.get(this.current), now = this.rows.get(key);
    before?.setAttribute("aria-selected", "false");
    this.current = key;
    if (!now) return this.element.removeAttribute("aria-activedescendant");
    now.setAttribute("aria-selected", "true");
    this.element.setAttribute("aria-activedescendant", now.id);
    const { scrollTop, clientHeight } = this.element;
    const top = now.offsetTop - this.element.offsetTop;
    if (top < scrollTop + 30) this.element.scrollTop = top - 60;
    else if (top + now.offsetHeight > scrollTop + clientHeight - 30) this.element.scrollTop = top + now.offsetHeight - clientHeight + 60;
  }
}

function line(row, id) {
  const signs = row.flags.map(([kind, sign]) => h("span", { class: `flag ${kind}` }, sign));
  return h("div", {
    id, class: row.group ? "line group" : "line", role: "treeitem", "data-row": row.key, "aria-level": row.level + 1, "aria-selected": "false", "aria-label": row.words,
    "aria-expanded": row.group ? String(row.group === "open") : null, style: `padding-left:${8 + row.level * 14}px`,
  }, row.group ? h("span", { class: "fold", "aria-hidden": "true" }, row.group === "open" ? "▾" : "▸") : h("span", { class: "fold none" }),
  h("span", { class: "name" }, row.name), h("span", { class: "second" }, row.second), signs);
}
