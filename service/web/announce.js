// Says each finished message once to assistive technology: one status node that stays, whose text changes.
import { byId } from "./dom.js";

const SETTLE = 80; // milliseconds: an emptied node filled again is read even if the words are the same
let waiting = [];

/** Announce `words`; what comes within the same moment is said together. */
export function announce(words) {
  byId("status").textContent = "";
  if (!waiting.length) setTimeout(speak, SETTLE);
  waiting.push(words);
}

function speak() {
  byId("status").textContent = waiting.join(" ");
  waiting = [];
}
