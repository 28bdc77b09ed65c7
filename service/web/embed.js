// The desk on an intranet page, by one tag:
//   <script src="https://ethics.example.gov/embed.js" data-title="Ethics Desk" defer></script>
// A button opens the desk in a frame of the desk's own origin; nothing of the page around is read or sent.
(() => {
  const tag = document.currentScript;
  const origin = new URL(tag.src).origin;
  const title = tag.dataset.title || "Ethics Desk";
  const looks = {
    button: "position:fixed;right:1.25rem;bottom:1.25rem;z-index:2147483000;padding:.75rem 1.2rem;border:2px solid #fff;" +
      "border-radius:2rem;background:#14475a;color:#fff;font:600 1rem/1.3 system-ui,sans-serif;cursor:pointer",
    panel: "position:fixed;right:1.25rem;bottom:5rem;z-index:2147483000;width:min(28rem,calc(100vw - 2.5rem));" +
      "height:min(44rem,calc(100vh - 7rem));border:1px solid #7b8388;border-radius:.8rem;background:#fff;" +
      "box-shadow:0 .6rem 2rem rgb(0 0 0 / .25)",
    inline: "width:100%;height:44rem;border:1px solid #7b8388;border-radius:.8rem;background:#fff",
  };

  function frame(look) {
    const made = document.createElement("iframe");
    made.title = title;
    made.src = `${origin}/embed`;
    made.referrerPolicy = "no-referrer";
    made.allow = "clipboard-write";
    made.style.cssText = look;
    return made;
  }

  function inline(target) {
    target.append(frame(looks.inline));
  }

  function floating() {
    const button = document.createElement("button");
    let panel = null;
    button.type = "button";
    button.textContent = title;
    button.style.cssText = looks.button;
    button.setAttribute("aria-expanded", "false");
    const show = (open) => {
      if (open && !panel) {
        panel = frame(looks.panel);
        button.after(panel);
      }
      if (panel) panel.style.display = open ? "block" : "none";
      button.setAttribute("aria-expanded", String(open));
      if (open) panel.focus();
      else button.focus();
    };
    button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
    addEventListener("message", (event) => {
      if (panel && event.source === panel.contentWindow && event.origin === origin && event.data?.ethicsdesk === "close") show(false);
    });
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") show(false);
    });
    document.body.append(button);
  }

  function begin() {
    const target = tag.dataset.target && document.querySelector(tag.dataset.target);
    if (target) inline(target);
    else floating();
  }

  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
})();
