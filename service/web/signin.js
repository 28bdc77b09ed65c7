// Who has signed in, and the ways in and out.
import * as api from "./api.js";
import { byId } from "./dom.js";

/** Show what `POST /api/v1/session` told; `tell(fault)` is called when signing out fails. */
export function show({ person, roles, sign_in: offered }, tell) {
  byId("sign-in").hidden = offered === "none" || Boolean(person);
  byId("sign-out").hidden = !person;
  byId("cases").hidden = !roles.includes("liaison");
  if (!person) return;
  byId("sign-out").textContent = `Sign out ${person}`;
  byId("kept").textContent = "What you write is kept under your name, for you to return to from anywhere, and ends on a schedule.";
  byId("sign-out").addEventListener("click", async () => {
    try {
      await api.signOut();
      sessionStorage.clear();
      location.reload();
    } catch (fault) {
      tell(fault);
    }
  });
}
