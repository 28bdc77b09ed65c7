// The page: holds one conversation, announces each finished message once, keeps the focus where it is.
import { announce } from "./announce.js";
import * as api from "./api.js";
import { byId, element, framed } from "./dom.js";
import * as facts from "./facts.js";
import { mine, retire, spoken, theirs } from "./messages.js";
import * as past from "./past.js";
import * as profile from "./profile.js";
import * as signin from "./signin.js";

const KEPT = "ethicsdesk.conversation";
const HINT = byId("hint").textContent;
const BUSY = "One moment: I am still at work on your last message. What you wrote stays here.";
const EXAMPLES = [
  "A vendor sent me a $75 gift basket", "A lobbyist wants to buy me lunch", "May I take a second job?",
  "I was asked to speak at a conference", "My sister applied for a job in my unit", "I am leaving state service",
];
const talk = byId("talk"), problem = byId("problem"), message = byId("message");
let conversation = sessionStorage.getItem(KEPT);
let busy = false;
let hangUp = () => {};

async function begin() {
  document.documentElement.classList.toggle("framed", framed);
  byId("examples").querySelector("ul").append(...EXAMPLES.map((words) => element("li", {},
    element("button", { type: "button", onclick: () => { message.value = words; message.focus(); } }, words))));
  const session = await api.session();
  const { banner } = session;
  signin.show(session, tell);
  byId("banner").textContent = banner;
  byId("banner").hidden = !banner;
  profile.offer(await api.packs());
  if (conversation) await resume(conversation);
  await past.show(reopen, conversation);
}

async function resume(id) {
  try {
    const found = await api.transcript(id);
    clear();
    remember(id);
    for (const turn of found.turns) add(turn.said, turn.messages, { quiet: true });
    await update(found.state);
    const held = found.turns.findLast((turn) => turn.held);
    if (held) later(held.message_id);
  } catch (fault) {
    if (fault.status !== 404) throw fault;
    remember(null);
  }
}

async function reopen(id) {
  await resume(id).catch(tell);
  message.focus();
  announce("Your earlier question is open again.");
  await past.show(reopen, conversation).catch(tell);
}

/** Say something: `text` is shown; `token` stands for it on the wire; `values` are facts set outright. */
async function say(text, values = null, token = null) {
  if (busy) return;
  busy = true;
  problem.hidden = true;
  byId("forgotten").textContent = "";
  talk.querySelectorAll(".question").forEach(retire);
  begun(true);
  const waiting = typing();
  const said = mine(text);
  talk.append(said, waiting);
  settle(said);
  try {
    const reply = await api.say({
      conversation, message: token || text, messageId: crypto.randomUUID(), pack: profile.chosen(), values,
    });
    remember(reply.conversation_id);
    waiting.remove();
    add(null, reply.messages);
    busy = false; // whoever answers at once need not wait for the chips
    if (reply.held) later(reply.message_id);
    await update(reply.state);
  } catch (fault) {
    waiting.remove();
    said.classList.add("unsent");
    message.value = token ? "" : text;
    tell(fault);
    busy = false;
  }
}

async function update(state) {
  if (state.pack) profile.choose(state.pack);
  await facts.show(state, say);
}

/** A reply that is still coming: it is added when it is there, and until then nothing else is sent. */
function later(messageId) {
  const waiting = typing();
  busy = true;
  const stop = api.follow(conversation, messageId, {
    typing: () => talk.append(waiting),
    reply: (content) => {
      if (content.message_id !== messageId) return;
      hangUp();
      add(null, content.messages);
      update(content.state).catch(tell);
    },
    end: () => hangUp(),
  });
  hangUp = () => {
    stop();
    waiting.remove();
    busy = false;
    hangUp = () => {};
  };
}

const typing = () => element("div", { className: "typing", "aria-hidden": "true" }, ...[1, 2, 3].map(() => element("span", {})));

function add(said, messages, { quiet = false } = {}) {
  talk.querySelectorAll(".question").forEach(retire);
  if (said) talk.append(mine(said));
  const made = messages.map((one) => theirs(one, say));
  talk.append(...made);
  begun(true);
  byId("hint").textContent = messages.findLast((one) => one.type === "question")?.hint || HINT;
  if (!quiet) announce(messages.map(spoken).join(" "));
  if (made.length && !quiet) settle(made[0]);
}

/** After an answer the focus is in the input, unless that would open a keyboard on the screen. */
function settle(first) {
  if (!matchMedia("(pointer: coarse)").matches && !document.querySelector("aside form:focus-within")) message.focus({ preventScroll: true });
  first.scrollIntoView({ block: first.offsetHeight > window.innerHeight / 2 ? "start" : "nearest" });
  if (talk.lastElementChild !== first) talk.lastElementChild.scrollIntoView({ block: "nearest" });
  // A determination is read from its verdict on, whatever is asked below it.
  for (let one = first; one; one = one.nextElementSibling) if (one.matches(".card")) one.scrollIntoView({ block: "start" });
}

function begun(yes) {
  byId("hero").classList.toggle("unseen", yes);
  byId("examples").hidden = yes;
}

function remember(id) {
  conversation = id;
  if (id) sessionStorage.setItem(KEPT, id);
  else sessionStorage.removeItem(KEPT);
}

function clear() {
  hangUp();
  talk.replaceChildren();
  problem.hidden = true;
  byId("hint").textContent = HINT;
}

async function afresh() {
  remember(null);
  clear();
  begun(false);
  await facts.show(null, say);
  await past.show(reopen, conversation);
  message.focus();
}

function tell(fault) {
  problem.textContent = fault.status ? fault.message : "The desk cannot be reached. Your message was not sent; please try again.";
  problem.hidden = false;
}

byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = message.value.trim();
  if (busy) return announce(BUSY);
  if (!text) {
    problem.textContent = "Write your message first.";
    problem.hidden = false;
    message.focus();
    return;
  }
  message.value = "";
  say(text);
});
message.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    byId("ask").requestSubmit();
  }
});
document.addEventListener("keydown", (event) => {
  // The page around the frame closes it and takes the focus back; the message carries nothing else.
  if (event.key === "Escape" && framed && !byId("confirm").open) window.parent.postMessage({ ethicsdesk: "close" }, "*");
});
byId("again").addEventListener("click", () => afresh().catch(tell));
byId("person").addEventListener("click", () => say("I want to talk to a person"));
byId("forget").addEventListener("click", () => past.erase(conversation, async () => {
  profile.choose("");
  await afresh();
}).catch(tell));
begin().catch(tell);
