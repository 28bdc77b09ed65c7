// The liaison's inbox: lists cases, opens one for a reason, takes it, closes it.
import * as api from "./api.js";
import { byId, element } from "./dom.js";

const problem = byId("problem");
let open = null;
let titles = {};

async function begin() {
  const { roles } = await api.session();
  const allowed = roles.includes("liaison");
  byId("sign-in").hidden = allowed;
  byId("why").hidden = !allowed;
  if (!allowed) return;
  titles = Object.fromEntries((await api.packs()).map((pack) => [pack.pack, pack.title]));
  await list();
}

async function list() {
  const cases = await api.handoffs();
  byId("empty").hidden = cases.length > 0;
  byId("inbox").replaceChildren(...cases.map(line));
}

function line(one) {
  const day = new Date(one.at).toLocaleDateString("en-US", { day: "numeric", month: "short", year: "numeric" });
  const stage = one.stage === "waiting" ? "Waiting" : `${one.stage === "taken" ? "Taken" : "Closed"} by ${one.taken_by}`;
  return element("li", { className: "sheet" },
    element("h2", {}, one.topic ?? "Topic not known"),
    element("p", { className: "fine" }, [stage, day, titles[one.pack]].filter(Boolean).join(" · ")),
    element("div", { className: "row" },
      element("button", { type: "button", onclick: () => act(() => show(one)) }, "Open"),
      one.stage === "waiting" ? element("button", { type: "button", onclick: () => act(() => take(one)) }, "Take") : null));
}

async function show(one) {
  open = await api.readHandoff(one.handoff_id, byId("reason").value);
  byId("open-title").textContent = open.topic ?? "Topic not known";
  byId("open-who").textContent = [open.person, open.email].filter(Boolean).join(", ");
  byId("open-said").textContent = open.opening;
  byId("open-facts").replaceChildren(...open.facts.flatMap((fact) => [
    element("dt", {}, fact.label), element("dd", {}, `${fact.value} (${fact.how})`)]));
  tell("open-unknown", open.unknown.length ? `Not known: ${open.unknown.join(", ")}.` : "");
  tell("open-outcome", open.outcome ? `The desk's answer: ${open.outcome}.` : "");
  tell("open-note", open.note ? `Noted: ${open.note}` : "");
  byId("close").hidden = !(open.mine && open.stage === "taken");
  byId("open").hidden = false;
  byId("open").focus();
}

async function take(one) {
  await api.takeHandoff(one.handoff_id);
  byId("status").textContent = "The case is yours.";
  await show(one);
  await list();
}

function tell(id, words) {
  byId(id).textContent = words;
  byId(id).hidden = !words;
}

async function act(step) {
  problem.hidden = true;
  try {
    await step();
  } catch (fault) {
    problem.textContent = fault.message;
    problem.hidden = false;
  }
}

byId("why").addEventListener("submit", (event) => event.preventDefault());
byId("close").addEventListener("submit", (event) => {
  event.preventDefault();
  act(async () => {
    await api.closeHandoff(open.handoff_id, byId("note").value);
    byId("note").value = "";
    byId("open").hidden = true;
    byId("status").textContent = "The case is closed.";
    await list();
  });
});
act(begin);
