// What this browser has asked before, and its deletion.
import * as api from "./api.js";
import { byId, element } from "./dom.js";

/** List the earlier conversations; `open(id)` is called when one is chosen. */
export async function show(open, current) {
  const found = (await api.past()).filter((one) => one.conversation_id !== current);
  byId("past-empty").hidden = found.length > 0;
  byId("past").replaceChildren(...found.map((one) => element("li", {},
    element("button", { type: "button", className: "chip", onclick: () => open(one.conversation_id) },
      element("span", {}, one.topic), " ", element("b", {}, one.outcome ?? "Not finished"), " ",
      element("time", { datetime: one.at }, new Date(one.at).toLocaleDateString("en-US", { day: "numeric", month: "short", year: "numeric" }))))));
}

/** Ask, then delete everything of this browser; `done()` clears the page. */
export async function erase(current, done) {
  if (!(await confirmed())) return;
  // A browser that keeps no cookie in a frame has no list of its own: its one conversation is deleted by its id.
  if (current) await api.forgetOne(current).catch((fault) => { if (![403, 404].includes(fault.status)) throw fault; });
  const { kept } = await api.forget();
  await done();
  byId("forgotten").textContent = kept ? `Deleted, but for ${kept} under a legal hold.` : "Everything is deleted.";
}

function confirmed() {
  const dialog = byId("confirm");
  dialog.returnValue = "keep";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "delete"), { once: true });
  });
}
