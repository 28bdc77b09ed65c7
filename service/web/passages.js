// A passage of the law: closed it shows its citation, open its words, marked as what they are.
import { element } from "./dom.js";

const KIND = { official: "official words", restated: "in our own words" };

export function passage(found) {
  return element("details", { className: "passage" },
    element("summary", {}, element("b", {}, found.citation), ` ${found.heading} `,
      element("span", { className: "kind" }, KIND[found.kind] ?? "")),
    element("blockquote", {}, ...found.text.split(/\n+/).map((line) => element("p", {}, line))));
}
