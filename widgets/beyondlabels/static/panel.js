// The export panel. Python assesses, exports and checks; this shows what it found and sends what was pressed.
import { h, copy, counted, follow, inline, saidLine } from "./card.js";
import { ownKeys } from "./keys.js";

const PATIENCE = 15000; // ms without an answer before the card says that the kernel may be gone

/** A code block that scrolls inside itself and can be scrolled from the keyboard. */
const scroll = (text, label, key) => h("pre", { tabindex: "0", role: "group", "aria-label": label, "data-key": key }, h("code", {}, text));

const fold = (key, title, ...inside) => h("details", { "data-fold": key }, h("summary", { "data-key": `${key} summary` }, title), ...inside);

/** An entry of the limits catalogue; `told` when its first sentence stands above already. */
function limit(entry, told = false) {
  const reason = `${entry.why} ${entry.holds}`;
  return h("div", { class: "limit" },
    h("p", {}, told ? "Limit " : null, h("code", {}, entry.id), ...(told ? [": ", ...inline(reason)] : [" ", h("b", {}, inline(entry.what))])),
    entry.detail ? h("p", {}, `Found here: ${entry.detail.replace(/\.$/, "")}.`) : null,
    told ? null : h("p", {}, inline(reason)),
    h("p", {}, h("b", {}, "What to do: "), inline(entry.instead)),
    h("p", { class: "muted" }, `Source: ${entry.source}`),
    entry.lesson ? h("p", { class: "muted" }, `Shown in lesson ${entry.lesson}.`) : null);
}

/** What of the training data the package carries: amber when it is rows. */
function givesAway(lead, carries) {
  return h("p", { class: carries.kind === "rows" ? "away msg notyet" : "away" }, h("b", {}, lead), " ", carries.summary);
}

/** Put new nodes into a region without losing the reader's place: focus, open folds and scrolled code stay. */
function refill(region, nodes, otherwise) {
  const active = region.getRootNode().activeElement;
  const had = active && region.contains(active) ? active.dataset.key ?? "" : null;
  const open = [...region.querySelectorAll("details[open]")].map((each) => each.dataset.fold);
  const places = [...region.querySelectorAll("pre")].map((each) => [each.dataset.key, each.scrollTop, each.scrollLeft]);
  const keyed = (key) => [...region.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key);
  region.replaceChildren(...nodes.flat().filter(Boolean));
  for (const each of region.querySelectorAll("details")) if (open.includes(each.dataset.fold)) each.open = true;
  for (const [key, top, left] of places) Object.assign(keyed(key) ?? {}, { scrollTop: top, scrollLeft: left });
  if (had !== null) (keyed(had) ?? otherwise)?.focus({ preventScroll: true });
}

/** The Swift of a result, with a button that copies it. */
function swift(key, text) {
  const code = scroll(text, "Swift code", `${key} swift`);
  const button = h("button", { type: "button", "data-key": `${key} copy`, onclick: () => copy(code, button) }, "Copy");
  const note = h("span", { class: "muted" }, "It was not compiled here: that takes Xcode on a Mac.");
  return fold(`${key} swift`, "Swift that calls it", h("div", { class: "row between" }, note, button), code);
}

/** What the last check found. */
function checked(found) {
  if (!found) return null;
  if (found.passed) return h("p", { class: "msg right" }, h("b", {}, "✓ The proof holds."), ` ${found.sentence}`);
  return h("div", { class: "msg notyet" }, h("p", {}, h("b", {}, "✗ The proof does not hold."), " The file is not the one that was verified. Export it again before you use it."),
    h("ul", {}, found.problems.map((problem) => h("li", {}, problem))));
}

/** A verified package. `key` keeps its parts apart from those of another in the same card. */
function verified(key, result, found, model, act) {
  const stale = found && !found.passed;
  const rows = result.verified.map(([name, sentence, allowed]) =>
    h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, sentence, allowed ? h("small", {}, ` (${allowed})`) : null)));
  const honest = result.apple
    ? [`Core ML on this Mac: ${result.apple}.`]
    : [`Apple's own runtime was not run here. ${result.proof_rows} proof rows are inside; replay them on a Mac with `, h("code", {}, "beyondlabels check"), "."];
  return h("div", { class: "package" },
    key ? h("h4", {}, `${key}, in place of ${model}`) : null,
    h("p", { class: "file" }, h("code", {}, result.file), h("span", {}, result.size), h("span", {}, `${result.systems} and later`), h("span", {}, result.precision)),
    result.agreement ? h("p", {}, h("b", {}, "The substitute"), ` ${result.agreement}`) : null,
    h("table", {}, h("caption", {}, stale ? "Verified when it was saved; the file has changed since" : "Verified on this computer, from the saved file"), h("tbody", {}, rows)),
    h("p", { class: "muted" }, honest),
    givesAway("What it gives away:", result.carries),
    h("div", { class: "row" }, h("button", { type: "button", "data-key": `${key} check`, "data-act": true, "aria-label": `Check the file again: ${result.file}`, onclick: () => act("check", key) }, "Check the file again")),
    checked(found),
    swift(key, result.swift),
    fold(`${key} limits`, `Limits touched (${result.limits.length})`, result.limits.map((each) => limit(each))),
    fold(`${key} inside`, `Look inside: ${counted(result.operations, "operation")}`, scroll(result.listing, "The program, one operation a line", `${key} listing`)));
}

/** The substitutes: what each is and would carry, how often it agrees, and a button that exports it. */
function offers(view, act) {
  const rows = Math.max(...view.offers.map((each) => each.rows));
  const body = view.offers.map((each) => h("tr", {},
    h("th", { scope: "row" }, each.name, h("small", {}, each.summary), each.carries ? h("small", { class: each.carries.rows ? "keeps" : null }, `Would carry ${each.carries.summary}`) : null),
    h("td", {}, each.agrees || (each.note ? "not measured" : "not measured yet"), each.counted ? h("small", {}, each.counted) : null),
    h("td", {}, h("button", { type: "button", "data-key": `offer ${each.name}`, "data-act": true, "aria-label": `Export this: ${each.name}`, onclick: () => act("export", each.name) }, "Export this"))));
  const notes = [...new Set(view.offers.map((each) => each.note).filter(Boolean))].map((note) => h("p", { class: "msg notyet" }, h("b", {}, "Not measured."), ` ${note}`));
  const measure = h("button", { type: "button", "data-key": "measure", "data-act": true, onclick: () => act("measure") }, "Measure how often they agree");
  return [
    h("table", {}, h("caption", {}, rows > 0 ? `Measured substitutes, on ${rows.toLocaleString("en")} held-out rows` : view.measured ? "Substitutes" : "Substitutes, not measured yet"), h("tbody", {}, body)),
    ...notes,
    view.measured ? null : h("div", { class: "row" }, measure),
  ];
}

export default {
  render({ model, el }) {
    const view = model.get("view");
    const stops = [];
    let waiting = null; // a timer while Python has not answered

    const choose = (trait, options, label, words) => {
      const select = h("select", { onchange: () => { model.set(trait, select.value); model.save_changes(); } },
        options.map((each) => h("option", { value: each }, words(each))));
      stops.push(follow(model, [trait], () => { select.value = model.get(trait); }));
      return [select, h("label", { class: "inline" }, label, select)];
    };
    const main = h("button", { class: "primary", type: "button", "data-act": true, onclick: () => act("export", "") }, "Export");
    const [precision, precisionLabel] = choose("precision", view.precisions, "precision", (each) => each);
    const [target, targetLabel] = choose("target", view.targets, "from", (each) => each.replace("iOS", "iOS "));
    const path = h("input", { type: "text", spellcheck: "false", autocomplete: "off", onkeydown: (event) => { if (event.key === "Enter") act("export", ""); },
      onchange: () => { model.set("path", path.value); model.save_changes(); } });
    stops.push(follow(model, ["path"], () => { path.value = model.get("path"); }));
    const controls = h("div", { class: "row" }, main, precisionLabel, targetLabel, h("label", { class: "inline grow" }, "save as", path));

    const said = h("div", { class: "outcome" }, saidLine(model));
    const extras = h("div");
    said.append(extras);
    const offered = h("div");
    const packages = h("div");
    const badge = h("span", { class: `badge ${view.exportable ? "ok" : "no"}` }, view.badge);
    // A group, not a landmark: a page may hold several panels of one name.
    const section = h("div", { class: "bl export", role: "group", "aria-label": `Export: ${view.model}` },
      h("h3", {}, h("span", { class: "tag" }, "Export"), badge, " ", view.model));
    section.append(...lead(view), offered, view.exportable ? controls : "", said, packages, ...more(view));
    const away = section.querySelector(".away");
    el.replaceChildren(ownKeys(section));

    function act(action, road = "", more = {}) {
      if (busy()) return;
      const chosen = action === "export" && !road ? { path: path.value, precision: precision.value, target: target.value } : {};
      model.send({ action, road, ...chosen, ...more });
      waiting = setTimeout(() => {
        waiting = null;
        extras.replaceChildren(h("p", {}, "No answer yet. The kernel may be busy with another cell, or it has stopped: then run this cell again."));
        rest();
      }, PATIENCE);
      rest();
    }
    const busy = () => waiting !== null || model.get("busy");
    function rest() {
      for (const button of section.querySelectorAll("[data-act]")) button.setAttribute("aria-disabled", String(busy()));
    }

    function showTrouble() {
      const { road, exists, kept, limits = [] } = model.get("trouble");
      const has = road !== undefined;
      said.classList.toggle("msg", has);
      said.classList.toggle("notyet", has);
      const replace = exists ? h("div", { class: "row" }, h("button", { type: "button", "data-key": "replace", "data-act": true, onclick: () => act("export", road, { replace: true }) }, "Replace it")) : null;
      const advice = limits.map((each) => [h("p", {}, h("b", {}, "What to do: "), inline(each.instead)), h("p", { class: "muted" }, `${each.why} ${each.holds} Source: ${each.source}`)]);
      refill(extras, [has ? advice.flat() : null, kept ? h("p", {}, "What you exported before is untouched.") : null, replace].flat(), road ? offered.querySelector(`[data-key="offer ${CSS.escape(road)}"]`) : view.exportable ? main : null);
      rest();
    }
    function showOffers() {
      const now = model.get("view");
      if (now.offers.length) refill(offered, offers(now, act), offered);
      rest();
    }
    function showPackages() {
      const shown = model.get("shown");
      const checks = model.get("checks");
      if (away) away.hidden = "" in shown; // what it does give away is said below
      const keys = ["", ...view.offers.map((each) => each.name)].filter((key) => key in shown);
      refill(packages, keys.map((key) => verified(key, shown[key], checks[key], view.model, act)), main);
      rest();
    }
    stops.push(follow(model, ["trouble"], showTrouble), follow(model, ["view"], showOffers), follow(model, ["shown", "checks"], showPackages));
    stops.push(follow(model, ["answered"], () => { clearTimeout(waiting); waiting = null; rest(); }), follow(model, ["busy"], rest));
    return () => { clearTimeout(waiting); stops.forEach((stop) => stop()); };
  },
};

/** What stands above the controls: the function that leaves, or why there is none. */
function lead(view) {
  if (view.exportable) {
    const outputs = view.outputs.flatMap(([name, method], index) => [index ? ", " : "", h("code", {}, `${name} ← ${method}`)]);
    return [h("p", {}, `${view.meaning} `, h("span", { class: "outputs" }, outputs)), givesAway("What it would give away:", view.carries)];
  }
  if (view.offers.length) return [h("p", {}, view.refused[0].what)];
  return [h("p", {}, view.kind === "surrogate" ? view.refused[0].what : view.meaning), ...view.refused.map((each, index) => limit(each, index === 0 && view.kind === "surrogate"))];
}

/** What stands below: the reasons of a refusal that offers substitutes, the limits of a model before its export. */
function more(view) {
  if (view.offers.length) return [fold("why", "Why, since when, and other roads", view.refused.map((each, index) => limit(each, index === 0)))];
  return view.limits.length ? [fold("touched", `Limits this model touches (${view.limits.length})`, view.limits.map((each) => limit(each)))] : [];
}
