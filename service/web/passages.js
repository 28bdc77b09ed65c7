// A passage of the law: closed it shows its citation, open its words, the deciding ones marked.
import { announce } from "./announce.js";
import { element, lawAddress, lawLink } from "./dom.js";

const KIND = { official: "official words", restated: "in our own words" };
const TELLING = 4; // letters: shorter words say little about what a sentence is about
const STEM = 5;
const SHARED = 2; // fewer words in common than this, and no sentence is marked

/** The passage as an element. `about` is what the rule says: the sentence nearest to it is marked, unless
 *  the service marked the passage itself. */
export function passage(found, about = "") {
  const marks = found.marks ?? nearest(found.text, about);
  return element("details", { className: "passage" },
    element("summary", {}, element("b", {}, found.citation), ` ${found.heading} `,
      element("span", { className: "badge" }, KIND[found.kind] ?? ""),
      found.status?.startsWith("in force") ? null : element("span", { className: "badge over" }, found.status ?? "")),
    element("blockquote", {}, ...paragraphs(found.text, marks)),
    element("p", { className: "row" },
      lawLink(found.provision, "Read the provision"),
      element("button", { type: "button", className: "quiet", onclick: () => copy(found) }, "Copy link")));
}

async function copy(found) {
  await navigator.clipboard.writeText(new URL(lawAddress(found.provision), location.href).href);
  announce(`Link to ${found.citation} copied.`);
}

function paragraphs(text, marks) {
  let start = 0;
  return text.split("\n").map((line) => {
    const from = start;
    start += line.length + 1;
    return element("p", {}, ...marked(line, marks.map(([a, b]) => [a - from, b - from])));
  });
}

function marked(line, marks) {
  const pieces = [];
  let at = 0;
  for (const [a, b] of marks) {
    const from = Math.max(at, a), to = Math.min(line.length, b);
    if (from >= to) continue;
    pieces.push(line.slice(at, from), element("mark", {}, line.slice(from, to)));
    at = to;
  }
  return [...pieces, line.slice(at)];
}

/** Where the sentence lies that shares the most telling words with `about`; none when it shares hardly any. */
function nearest(text, about) {
  const wanted = stems(about);
  let best = [], most = SHARED - 1;
  for (const { index, segment } of new Intl.Segmenter("en", { granularity: "sentence" }).segment(text)) {
    const shared = [...stems(segment)].filter((stem) => wanted.has(stem)).length;
    if (shared > most) [most, best] = [shared, [[index, index + segment.trimEnd().length]]];
  }
  return best;
}

const stems = (text) => new Set((text.toLowerCase().match(/[a-z]+|\d+/g) ?? [])
  .filter((word) => word.length >= TELLING || /\d/.test(word)).map((word) => word.slice(0, STEM)));
