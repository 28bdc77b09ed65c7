// The service's contracts as functions. Every fault comes back as an Error whose message can be shown.

let csrf = "";

/** Begin or continue the browser's session; gives the banner. */
export async function session() {
  const found = await call("POST", "/api/v1/session");
  csrf = found.csrf;
  return found;
}

export const signOut = () => call("DELETE", "/api/v1/session");
export const packs = () => call("GET", "/api/v1/packs");
export const facts = (pack) => call("GET", `/api/v1/packs/${encodeURIComponent(pack)}/facts`);
export const transcript = (id) => call("GET", `/api/v1/chat/${encodeURIComponent(id)}`);
export const past = () => call("GET", "/api/v1/conversations");
export const forget = () => call("DELETE", "/api/v1/conversations");
export const forgetOne = (id) => call("DELETE", `/api/v1/chat/${encodeURIComponent(id)}`);

export const handoffs = () => call("GET", "/api/v1/handoffs");
export const readHandoff = (id, reason) => call("POST", `/api/v1/handoffs/${encodeURIComponent(id)}/reading`, { reason });
export const takeHandoff = (id) => call("POST", `/api/v1/handoffs/${encodeURIComponent(id)}/taking`);
export const closeHandoff = (id, note) => call("POST", `/api/v1/handoffs/${encodeURIComponent(id)}/closing`, { note });

/** Send a message; the same `messageId` sent again is never taken twice. */
export async function say({ conversation, message, messageId, pack, values }) {
  const body = { message, message_id: messageId };
  if (conversation) body.conversation_id = conversation;
  if (pack) body.profile = { pack };
  if (values) body.facts = values;
  return retried(() => call("POST", "/api/v1/chat", body));
}

/** Follow the replies from a message on. `on.typing(id)` and `on.reply(content)` are called as they come; `on.end()` when
 *  nothing more will. A line that breaks is taken up again by the browser where it broke. Gives a function that ends it. */
export function follow(conversation, messageId, on) {
  const lines = new EventSource(`/api/v1/chat/${encodeURIComponent(conversation)}/events?message_id=${encodeURIComponent(messageId)}`);
  lines.addEventListener("typing", (event) => on.typing(JSON.parse(event.data).message_id));
  lines.addEventListener("reply", (event) => on.reply(JSON.parse(event.data)));
  lines.addEventListener("end", () => { lines.close(); on.end(); });
  lines.addEventListener("error", () => { if (lines.readyState === EventSource.CLOSED) on.end(); });
  return () => lines.close();
}

async function call(method, path, body) {
  const headers = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (csrf && method !== "GET") headers["x-csrf-token"] = csrf;
  const reply = await fetch(path, {
    method, headers, credentials: "same-origin", body: body === undefined ? undefined : JSON.stringify(body),
  });
  const content = reply.status === 204 ? null : await reply.json();
  if (reply.ok) return content;
  const problem = content?.error ?? {};
  const fault = new Error([problem.message, problem.expected && `Expected: ${problem.expected}.`].filter(Boolean).join(" "));
  fault.status = reply.status;
  fault.wait = Number(reply.headers.get("retry-after")) || 0;
  throw fault;
}

/** Try again when the network failed or the desk was busy: the message id makes that safe. */
async function retried(attempt, pauses = [600, 2000, 4000]) {
  for (const pause of pauses) {
    try {
      return await attempt();
    } catch (fault) {
      if (fault.status !== undefined && ![429, 503].includes(fault.status)) throw fault;
      await new Promise((resolve) => setTimeout(resolve, Math.max(pause, fault.wait * 1000 || 0)));
    }
  }
  return attempt();
}
