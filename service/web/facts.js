// The facts gathered so far, as chips that can be changed in place.
import * as api from "./api.js";
import { byId, element } from "./dom.js";

const declared = new Map();
let known = "";

/** Show the facts of a state; `change(text, values)` is called when one is changed. */
export async function show(state, change) {
  const entries = Object.entries(state?.facts ?? {});
  byId("facts-empty").hidden = entries.length > 0;
  if (state?.pack && state.pack !== known) {
    for (const fact of await api.facts(state.pack)) declared.set(fact.fact, fact);
    known = state.pack;
  }
  const chips = (chosen) => chosen.filter(([name]) => declared.has(name)).map(([name, value]) => chip(declared.get(name), value, change));
  const ruledOut = entries.filter(([, value]) => value === false);
  byId("facts").replaceChildren(...chips(entries.filter(([, value]) => value !== false)));
  byId("ruled-out").replaceChildren(...chips(ruledOut));
  byId("ruled-out-box").hidden = ruledOut.length === 0;
}

/** A fact as a list item: a button with its words; pressed, a form that changes it. `fact.words` may say it whole. */
export function chip(fact, value, change) {
  const item = element("li", {});
  const declaration = () => declared.get(fact.fact) ?? fact;
  const said = fact.words ? [fact.words] : [element("span", {}, title(fact)), " ", element("b", {}, words(fact, value))];
  const close = (refocus) => {
    item.replaceChildren(element("button", { type: "button", className: "chip", onclick: open },
      ...said, element("span", { className: "unseen" }, ", change")));
    if (refocus) item.firstChild.focus();
  };
  const open = () => item.replaceChildren(editor(declaration(), value, change, () => close(true))) ?? item.querySelector("select, input").focus();
  close(false);
  return item;
}

function editor(fact, value, change, cancel) {
  const field = control(fact, value);
  const problem = element("p", { className: "fine fault-text", role: "alert", hidden: true });
  const submit = (event) => {
    event.preventDefault();
    const set = read(fact, field.value);
    if (set === undefined) {
      field.setAttribute("aria-invalid", "true");
      problem.textContent = fact.type === "money" ? "Write an amount like 75 or 12.50." : "Fill this in.";
      problem.hidden = false;
      return field.focus();
    }
    cancel();
    return change(`${title(fact)}: ${words(fact, set)}`, { [fact.fact]: set });
  };
  return element("form", { className: "edit", novalidate: "", onsubmit: submit,
    onkeydown: (event) => { if (event.key === "Escape") { event.stopPropagation(); cancel(); } } },
  element("label", {}, title(fact), " ", field), problem,
  element("div", { className: "row" }, element("button", { type: "submit", className: "strong" }, "Change"),
    element("button", { type: "button", className: "quiet", onclick: cancel }, "Cancel")));
}

function control(fact, value) {
  if (fact.type === "bool" || fact.type === "choice") {
    const options = fact.type === "bool" ? [{ value: "true", label: "Yes" }, { value: "false", label: "No" }] : fact.options;
    return element("select", {}, ...options.map((option) =>
      element("option", { value: String(option.value), selected: String(option.value) === String(value) }, option.label)));
  }
  const kind = { money: "number", integer: "number", date: "date" }[fact.type] ?? "text";
  return element("input", { type: kind, value: String(value), step: fact.type === "money" ? "0.01" : "1", min: "0" });
}

function read(fact, entered) {
  if (fact.type === "bool") return entered === "true";
  if (fact.type === "money" || fact.type === "integer") return entered === "" || Number(entered) < 0 ? undefined : Number(entered);
  return entered === "" ? undefined : entered;
}

const title = (fact) => (fact.statement ? fact.statement.replace(/\.$/, "") : fact.fact.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase()));

function words(fact, value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (fact.type === "money") return `$${Number(value).toLocaleString("en-US", { minimumFractionDigits: value % 1 ? 2 : 0 })}`;
  return fact.options?.find((option) => option.value === value)?.label ?? String(value);
}
