// One function per type of message: from the contract's JSON to elements.
import { element } from "./dom.js";
import { passage } from "./passages.js";

const MAY = new Set(["permitted", "no_conflict", "not_covered", "informational"]);
const FIRST = new Set(["permitted_with_conditions", "reportable", "approval_required", "registration_required"]);
const ASK = new Set(["refer_to_counsel", "conflict_potential"]);

/** What a person said. */
export const mine = (text) => element("div", { className: "said mine" }, element("p", {}, text));

/** What the desk said; `answer(text, values)` is called when a control answers for the person. */
export function theirs(message, answer) {
  const make = { question, determination, answer: found, notice }[message.type] ?? text;
  return make(message, answer);
}

const text = (message) => element("div", { className: "said" }, element("p", {}, message.text));

const notice = (message) => element("div", { className: "said notice" }, element("p", {}, message.text));

function question(message, answer) {
  const left = message.at_most > 1 ? `At most ${message.at_most} questions left.` : "This is the last question.";
  const box = element("div", { className: "said question" });
  if (!message.options?.length) {
    box.append(element("p", { className: "asked" }, message.text));
  } else {
    box.append(message.multiple ? checklist(message, answer) : choices(message, answer));
  }
  box.append(
    element("details", {}, element("summary", {}, "Why do you ask?"), element("p", {}, message.why ?? "")),
    element("div", { className: "row" },
      element("button", { type: "button", className: "quiet", onclick: () => answer("I don't know") }, "I don't know"),
      element("button", { type: "button", className: "quiet", onclick: () => answer("back") }, "Back"),
      element("span", { className: "left" }, left)),
  );
  return box;
}

function choices(message, answer) {
  const buttons = message.options.map((option) =>
    element("button", { type: "button", className: "option", onclick: () => answer(option.label, null, option.token) }, option.label));
  return element("fieldset", {}, element("legend", {}, message.text), ...buttons);
}

function checklist(message, answer) {
  const boxes = message.options.map((option) => {
    const input = element("input", { type: "checkbox", value: String(option.value) });
    return { option, input, row: element("label", { className: "check" }, input, " ", option.label) };
  });
  const send = () => {
    const chosen = boxes.filter(({ input }) => input.checked).map(({ option }) => option.label);
    answer(chosen.length ? chosen.join(" and ") : "none of these");
  };
  return element("fieldset", {}, element("legend", {}, message.text), ...boxes.map(({ row }) => row),
    element("button", { type: "button", className: "option", onclick: send }, "These apply, or none of them"));
}

function found(message) {
  return element("div", { className: "said" }, element("p", {}, message.text), ...(message.passages ?? []).map(passage));
}

function determination(message, answer) {
  const sense = MAY.has(message.outcome) ? "may" : FIRST.has(message.outcome) ? "first" : ASK.has(message.outcome) ? "ask" : "no";
  return element("article", { className: `said card ${sense}` },
    element("h3", {}, message.headline),
    element("p", {}, message.why),
    message.depends_text ? element("p", { className: "depends" }, message.depends_text) : null,
    list("What to do", (message.todo ?? []).map(todo)),
    list("What would change the answer", message.changes_text ?? []),
    list("Also considered", message.why_not ?? []),
    presumed(message.chips ?? [], answer),
    passages("What this rests on", message.passages ?? []),
    passages("Related", message.related ?? []),
    element("p", { className: "layer" }, message.layer_text ?? ""),
    element("p", {}, message.contact ?? ""),
    element("p", { className: "fine" }, message.disclaimer ?? ""),
    element("div", { className: "row" },
      element("button", { type: "button", className: "quiet", onclick: () => window.print() }, "Print")));
}

const todo = (item) => `${item.text}${item.when ? ` (${item.when})` : ""}${item.form ? ` Form: ${item.form}.` : ""}`;

function list(title, lines) {
  if (!lines.length) return null;
  return element("section", {}, element("h4", {}, title), element("ul", {}, ...lines.map((line) => element("li", {}, line))));
}

function passages(title, found) {
  return found.length ? element("section", {}, element("h4", {}, title), ...found.map(passage)) : null;
}

function presumed(chips, answer) {
  if (!chips.length) return null;
  const other = (chip) => typeof chip.value === "boolean"
    ? element("button", { type: "button", className: "quiet", onclick: () => answer(`Not so: ${chip.label}`, { [chip.fact]: !chip.value }) }, "That is not so")
    : null;
  return element("section", {}, element("h4", {}, "I took this for granted"),
    element("ul", {}, ...chips.map((chip) => element("li", {}, chip.label, " ", other(chip)))));
}
