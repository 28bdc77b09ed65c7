// One function per type of message: from the contract's JSON to elements, and to words to announce.
import { card } from "./card.js";
import { element } from "./dom.js";
import { passage } from "./passages.js";

const ABOUT_TALK = new Set(["pack", "topic", "switch", "resume", "check"]);
const FEW = 4;

/** What a person said. */
export const mine = (text) => element("div", { className: "mine" }, element("span", { className: "unseen" }, "You said: "), element("p", {}, text));

/** What the desk said; `answer(text, values, token)` is called when a control answers for the person. */
export function theirs(message, answer) {
  const make = { question, determination: card, answer: found, notice }[message.type] ?? text;
  return make(message, answer);
}

/** The words that stand for a message when it is announced. */
export function spoken(message) {
  if (message.type === "determination") return `${message.label}. ${message.headline} ${message.why}`;
  if (message.type !== "question" || !message.options?.length) return message.text;
  return `${message.text} Choices: ${message.options.map((option) => option.label).join("; ")}.`;
}

/** A question that has been answered keeps its words and loses its controls. */
export function retire(box) {
  box.replaceWith(element("div", { className: "desk-says was-asked" }, element("p", {}, box.dataset.asked)));
}

const text = (message) => element("div", { className: "desk-says" }, element("p", {}, message.text));

const notice = (message) => element("div", { className: "desk-says notice" }, element("p", {}, message.text));

function found(message) {
  return element("div", { className: "desk-says" }, element("p", {}, message.text), ...(message.passages ?? []).map((one) => passage(one)));
}

function question(message, answer) {
  const name = (message.facts ?? [message.fact])[0];
  const box = element("div", { className: "question sheet" }, controls(message, answer));
  box.dataset.asked = message.text;
  const unsure = ABOUT_TALK.has(name) ? null
    : element("button", { type: "button", className: "quiet", onclick: () => answer("I don't know") }, "I don't know");
  box.append(element("div", { className: "row under" }, unsure,
    element("button", { type: "button", className: "quiet", onclick: () => answer("back") }, "Back"),
    element("span", { className: "left" }, left(message.at_most))));
  if (message.why) box.append(element("details", {}, element("summary", {}, "Why do you ask?"), element("p", {}, message.why)));
  return box;
}

const left = (most) => (!most ? "" : most > 2 ? `At most ${most - 1} more questions after this` : most === 2 ? "At most 1 more question after this" : "The last question");

function controls(message, answer) {
  if (message.multiple) return checklist(message, answer);
  if (message.fact_type === "date") return day(message, answer);
  return message.options?.length ? choices(message, answer) : element("p", { className: "asked" }, message.text);
}

function choices(message, answer) {
  const many = message.options.length > FEW;
  return element("fieldset", { className: many ? "many" : "few" }, element("legend", {}, message.text),
    ...message.options.map((option, index) =>
      element("button", { type: "button", className: "option", onclick: () => answer(option.label, null, option.token) },
        element("span", { className: "number", "aria-hidden": "true" }, String(index + 1)), option.label)));
}

function checklist(message, answer) {
  const none = element("input", { type: "checkbox" });
  const boxes = message.options.map((option) => ({ option, input: element("input", { type: "checkbox", value: String(option.value) }) }));
  none.addEventListener("change", () => { if (none.checked) for (const { input } of boxes) input.checked = false; });
  const warning = element("p", { className: "alert fault", role: "alert", hidden: true });
  const send = () => {
    const chosen = boxes.filter(({ input }) => input.checked).map(({ option }) => option);
    if (!chosen.length && !none.checked) {
      warning.textContent = "Choose what applies, or “None of these”.";
      warning.hidden = false;
      return none.focus();
    }
    const words = chosen.length ? chosen.map((option) => option.label).join("; ") : "None of these";
    return answer(words, chosen.length ? Object.fromEntries(boxes.map(({ option, input }) => [option.value, input.checked])) : null);
  };
  const row = (input, words) => element("label", { className: "check" }, input, element("span", {}, words));
  return element("fieldset", { className: "many" }, element("legend", {}, message.text),
    ...boxes.map(({ option, input }) => {
      input.addEventListener("change", () => { if (input.checked) none.checked = false; });
      return row(input, option.label);
    }),
    row(none, "None of these"), warning,
    element("button", { type: "button", className: "strong", onclick: send }, "Continue"));
}

function day(message, answer) {
  const input = element("input", { type: "date" });
  const use = () => (input.value ? answer(input.value) : input.focus());
  return element("fieldset", { className: "few" }, element("legend", {}, message.text),
    element("label", { className: "row" }, "Day ", input),
    element("button", { type: "button", className: "strong", onclick: use }, "Use this day"),
    ...(message.options ?? []).map((option) =>
      element("button", { type: "button", className: "option", onclick: () => answer(option.label, null, option.token) }, option.label)));
}
