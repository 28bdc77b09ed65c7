// The facts gathered so far, as chips that can be changed in place.
import { byId, element } from "./dom.js";
import * as api from "./api.js";

const declared = new Map();

/** Show the facts of a state; `change(text, values)` is called when one is changed. */
export async function show(state, change) {
  const entries = Object.entries(state?.facts ?? {});
  byId("facts-empty").hidden = entries.length > 0;
  if (state?.pack && entries.some(([name]) => !declared.has(name))) {
    for (const fact of await api.facts(state.pack)) declared.set(fact.fact, fact);
  }
  const chips = (chosen) => chosen.filter(([name]) => declared.has(name)).map(([name, value]) => chip(declared.get(name), value, change));
  const ruledOut = entries.filter(([, value]) => value === false);
  byId("facts").replaceChildren(...chips(entries.filter(([, value]) => value !== false)));
  byId("ruled-out").replaceChildren(...chips(ruledOut));
  byId("ruled-out-box").hidden = ruledOut.length === 0;
}

function chip(fact, value, change) {
  const item = element("li", {});
  const closed = () => item.replaceChildren(
    element("button", { type: "button", className: "chip", "aria-label": `Change: ${title(fact)}, ${words(fact, value)}`, onclick: open },
      element("span", {}, title(fact)), " ", element("b", {}, words(fact, value))));
  const open = () => {
    const field = control(fact, value);
    const form = element("form", { className: "edit", onsubmit: (event) => {
      event.preventDefault();
      const set = read(fact, field.value);
      if (set === undefined) return field.setAttribute("aria-invalid", "true");
      closed();
      return change(`${title(fact)}: ${words(fact, set)}`, { [fact.fact]: set });
    } },
    element("label", {}, title(fact), " ", field),
    element("button", { type: "submit" }, "Change"), element("button", { type: "button", className: "quiet", onclick: () => { closed(); item.firstChild.focus(); } }, "Cancel"));
    form.addEventListener("keydown", (event) => { if (event.key === "Escape") { closed(); item.firstChild.focus(); } });
    item.replaceChildren(form);
    field.focus();
  };
  closed();
  return item;
}

function control(fact, value) {
  if (fact.type === "bool" || fact.type === "choice") {
    const options = fact.type === "bool" ? [{ value: "true", label: "Yes" }, { value: "false", label: "No" }] : fact.options;
    return element("select", {}, ...options.map((option) =>
      element("option", { value: String(option.value), selected: String(option.value) === String(value) }, option.label)));
  }
  const kind = { money: "number", integer: "number", date: "date" }[fact.type] ?? "text";
  return element("input", { type: kind, value: String(value), step: fact.type === "money" ? "0.01" : "1", min: "0", required: true });
}

function read(fact, entered) {
  if (fact.type === "bool") return entered === "true";
  if (fact.type === "money" || fact.type === "integer") return entered === "" ? undefined : Number(entered);
  return entered === "" ? undefined : entered;
}

const title = (fact) => fact.statement || fact.question || fact.fact;

function words(fact, value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (fact.type === "money") return `$${Number(value).toLocaleString("en-US", { minimumFractionDigits: value % 1 ? 2 : 0 })}`;
  return fact.options?.find((option) => option.value === value)?.label ?? String(value);
}
