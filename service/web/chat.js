// The page: holds one conversation, announces each finished message once, keeps the focus where it is.
import * as api from "./api.js";
import * as facts from "./facts.js";
import { byId, element } from "./dom.js";
import { mine, theirs } from "./messages.js";

const KEPT = "ethicsdesk.conversation";
const LATE_POLLS = 20;
const talk = byId("talk"), status = byId("status"), problem = byId("problem");
let conversation = sessionStorage.getItem(KEPT);
let busy = false;

async function begin() {
  const { banner } = await api.session();
  byId("banner").textContent = banner;
  byId("banner").hidden = !banner;
  for (const pack of await api.packs()) {
    byId("pack").append(element("option", { value: pack.pack }, pack.title));
  }
  if (conversation) await resume();
}

async function resume() {
  try {
    const found = await api.transcript(conversation);
    for (const turn of found.turns) add(turn.said, turn.messages, { quiet: true });
    await facts.show(found.state, say);
  } catch {
    forget();
  }
}

/** Say something: `text` is shown; `token` stands for it on the wire; `values` are facts set outright. */
async function say(text, values = null, token = null) {
  if (busy) return;
  busy = true;
  problem.hidden = true;
  retire();
  talk.append(mine(text));
  const waiting = element("div", { className: "said waiting", "aria-hidden": "true" }, "…");
  talk.append(waiting);
  scroll();
  try {
    const reply = await api.say({
      conversation, message: token || text, messageId: crypto.randomUUID(), pack: byId("pack").value, values,
    });
    conversation = reply.conversation_id;
    sessionStorage.setItem(KEPT, conversation);
    waiting.remove();
    add(null, reply.messages);
    await facts.show(reply.state, say);
    if (reply.held) await later(reply.message_id);
  } catch (fault) {
    waiting.remove();
    problem.textContent = fault.status ? fault.message : "The desk cannot be reached. Your message was not sent; please try again.";
    problem.hidden = false;
    byId("message").value = text;
  } finally {
    busy = false;
  }
}

/** A reply that is still coming: ask for it until it is there. */
async function later(messageId) {
  for (let poll = 0; poll < LATE_POLLS; poll += 1) {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const found = await api.transcript(conversation);
    const turn = found.turns.find((one) => one.message_id === messageId && !one.held);
    if (turn) {
      add(null, turn.messages);
      return facts.show(found.state, say);
    }
  }
  return undefined;
}

function add(said, messages, { quiet = false } = {}) {
  if (said) talk.append(mine(said));
  const made = messages.map((message) => theirs(message, say));
  talk.append(...made);
  if (!quiet) status.textContent = messages.map((message) => message.headline ?? message.text).join(" ");
  const decided = made.find((one) => one.matches(".card"));
  if (decided && !quiet) decided.scrollIntoView({ block: "start" });
  else scroll();
}

/** Controls of questions already answered answer no more. */
function retire() {
  for (const control of talk.querySelectorAll(".question button, .question input")) control.disabled = true;
}

function scroll() {
  talk.lastElementChild?.scrollIntoView({ block: "nearest" });
}

function forget() {
  conversation = null;
  sessionStorage.removeItem(KEPT);
  talk.replaceChildren();
  facts.show(null, say);
}

byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("message").value.trim();
  if (!text) return;
  byId("message").value = "";
  say(text);
});
byId("message").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    byId("ask").requestSubmit();
  }
});
byId("again").addEventListener("click", () => { forget(); byId("message").focus(); });
begin().catch(() => {
  problem.textContent = "The desk cannot be reached. Please reload the page in a moment.";
  problem.hidden = false;
});
