// Ten claims as cards. Each is voted on; then it turns and says what holds today.
import { h, follow, saidLine, card, unbroken } from "./card.js";

function render({ model, el }) {
  const list = h("ol", { class: "claims" });
  const note = h("p", { class: "muted" });
  const places = new Map(model.get("claims").map(({ id, said }, at) => {
    const place = h("li", {});
    const body = h("div", {});
    place.append(h("p", { class: "claim" }, h("span", { class: "number", "aria-hidden": "true" }, at + 1), said), body);
    list.append(place);
    return [id, { place, body, said }];
  }));
  let voted = null; // the claim whose button had the focus

  function front(id, said) {
    const vote = (verdict) => h("button", { type: "button", "aria-label": `${verdict}: ${said}`,
      onclick: () => { voted = id; model.send({ id, verdict }); } }, verdict);
    return h("div", { class: "row", role: "group", "aria-label": said }, ...model.get("verdicts").map(vote));
  }

  function back({ vote, verdict, today, source, lesson, limits }) {
    const same = vote === verdict;
    const kind = { "still true": "no", "half true": "warn", "no longer true": "ok" }[verdict];
    return h("div", { class: "back", tabindex: "-1" },
      h("p", {}, h("span", { class: `badge ${kind}` }, verdict), h("small", {}, same ? "✓ as you said" : `you said: ${vote}`)),
      h("p", {}, today),
      lesson ? h("p", {}, "You try it in ", h("a", { href: lesson.file }, lesson.title), ".") : null,
      h("p", { class: "muted" }, `Source: ${source}.`),
      limits.length ? h("p", { class: "muted" }, "In the catalogue of limits: ", ...limits.flatMap((id, at) => [at ? ", " : "", h("code", {}, id)])) : null);
  }

  function draw() {
    const turned = model.get("turned");
    for (const [id, { place, body, said }] of places) {
      const side = turned[id] ? "turned" : "asked";
      if (place.dataset.side === side) continue;
      place.dataset.side = side;
      body.replaceChildren(turned[id] ? back(turned[id]) : front(id, said));
      if (voted === id) body.firstChild.focus({ preventScroll: true });
    }
    voted = null;
  }

  el.append(card("bl-claims", "Vote", "Ten claims of 2017: which still hold?", list, note, saidLine(model)));
  const stops = [follow(model, ["turned"], draw), follow(model, ["note"], () => {
    note.textContent = unbroken(model.get("note"));
    note.hidden = !model.get("note");
  })];
  return () => stops.forEach((stop) => stop());
}

export default { render };
