// Who one is, chosen once: the pack stays in this browser until it is changed or the data is deleted.
import { byId, element } from "./dom.js";

const KEPT = "ethicsdesk.pack";

/** Offer the packs; shows the choice of an earlier visit. */
export function offer(packs) {
  for (const pack of packs) byId("pack").append(element("option", { value: pack.pack }, pack.title));
  choose(localStorage.getItem(KEPT) ?? "");
  byId("pack").addEventListener("change", () => choose(byId("pack").value));
  byId("profile").addEventListener("submit", (event) => event.preventDefault());
  byId("who-change").addEventListener("click", () => {
    pick(true);
    byId("pack").focus();
  });
}

/** The pack chosen, or "" when the desk is to ask. */
export const chosen = () => byId("pack").value;

/** Take over a pack that the person named in the conversation, or "" to ask again. */
export function choose(pack) {
  byId("pack").value = pack;
  if (!byId("pack").value) {
    localStorage.removeItem(KEPT);
    return pick(true);
  }
  localStorage.setItem(KEPT, pack);
  byId("who-name").textContent = byId("pack").selectedOptions[0].textContent;
  // Somebody who is choosing by keyboard passes other packs: the field stays until it is left.
  if (document.activeElement !== byId("pack")) return pick(false);
  return byId("pack").addEventListener("blur", () => pick(!byId("pack").value), { once: true });
}

function pick(open) {
  byId("who-pick").hidden = !open;
  byId("who-is").hidden = open;
}
