// A determination: the outcome in icon, word and colour, what to do and by when, and all it rests on.
import { calendar, save } from "./calendar.js";
import { drawing, element, lawAddress } from "./dom.js";
import { chip } from "./facts.js";
import { passage } from "./passages.js";

const SENSES = {
  may: ["permitted", "no_conflict"],
  info: ["not_covered", "informational"],
  first: ["permitted_with_conditions", "reportable", "approval_required", "registration_required"],
  ask: ["refer_to_counsel", "conflict_potential"],
};
const ICONS = {
  may: "M4.5 12.5l5 5L19.5 7",
  info: "M12 6.5v.3M12 11v7",
  first: "M12 5v8.5M12 17.5v.5",
  ask: "M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.1-1.5 2.3M12 18v.3",
  no: "M6 6l12 12M18 6L6 18",
};
const NEW_LINE = "\n";

/** The card; `answer(text, values)` is called when a control answers for the person. */
export function card(message, answer) {
  const sense = Object.keys(SENSES).find((name) => SENSES[name].includes(message.outcome)) ?? "no";
  const about = (provision) => (message.fired ?? []).filter((rule) => rule.citations.includes(provision))
    .map((rule) => rule.title).join(" ") + ` ${message.why}`;
  const made = element("article", { className: `card ${sense}` },
    element("header", { className: "verdict" }, element("span", { className: "icon" }, drawing(ICONS[sense])),
      element("div", {},
        element("p", { className: "eyebrow" }, message.what_if ? "What if" : "Determination"),
        element("h3", {}, message.label), element("p", {}, message.headline))),
    element("div", { className: "body" },
      element("p", {}, message.why),
      message.depends_text ? element("p", { className: "alert" }, message.depends_text) : null,
      steps(message),
      presumed(message.chips ?? [], answer),
      list("What would change this", message.changes_text),
      folded("Also considered, and why not", list("", message.why_not)),
      rests("What this rests on", message.passages ?? [], about),
      folded("Related passages", rests("", message.related ?? [], () => "")),
      element("p", { className: "contact" }, message.contact ?? ""),
      element("p", { className: "fine" }, [message.layer_text, message.disclaimer].filter(Boolean).join(" ")),
      element("div", { className: "row" },
        element("button", { type: "button", onclick: () => print(made) }, "Print this"))));
  return made;
}

function steps(message) {
  if (!message.todo?.length) return null;
  return section("What to do", element("ol", { className: "steps" }, ...message.todo.map((item) =>
    element("li", {}, item.text,
      item.when ? element("span", { className: "when" }, ` ${item.when[0].toUpperCase()}${item.when.slice(1)}.`) : null,
      item.form ? element("span", { className: "fine" }, ` Form: ${item.form}.`) : null,
      item.due && !message.what_if ? element("button", { type: "button", className: "quiet", onclick: () => keep(item, message),
        "aria-label": `Add to calendar: ${item.text}` }, "Add to calendar") : null))));
}

function keep(item, message) {
  const details = [item.text, message.why, message.disclaimer].filter(Boolean).join(NEW_LINE);
  const source = message.citations?.[0]?.provision;
  const address = new URL(source ? lawAddress(source) : "/", location.href).href;
  save("ethics-desk.ics", calendar({ due: item.due, title: `Due: ${item.text}`, details, address, id: `${item.rule}-${item.due}` }));
}

function presumed(chips, answer) {
  if (!chips.length) return null;
  return section("I took this for granted",
    element("ul", { className: "chips across" }, ...chips.map((one) => chip({ fact: one.fact, words: one.label }, one.value, answer))));
}

const section = (title, ...content) => element("section", {}, title ? element("h4", {}, title) : null, ...content);

function list(title, lines) {
  return lines?.length ? section(title, element("ul", {}, ...lines.map((line) => element("li", {}, line)))) : null;
}

function rests(title, found, about) {
  return found.length ? section(title, ...found.map((one) => passage(one, about(one.provision)))) : null;
}

function folded(title, content) {
  return content ? element("details", { className: "folded" }, element("summary", {}, title), content) : null;
}

/** Print one determination with every passage open; the page is as it was afterwards. */
function print(made) {
  const closed = [...made.querySelectorAll("details:not([open])")];
  const after = () => {
    made.classList.remove("printed");
    document.body.classList.remove("printing");
    for (const one of closed) one.open = false;
  };
  made.classList.add("printed");
  document.body.classList.add("printing");
  for (const one of closed) one.open = true;
  window.addEventListener("afterprint", after, { once: true });
  window.print();
}
