// "Copy link" on pages made on the server: the buttons show themselves only where a script can serve them.

for (const button of document.querySelectorAll("[data-copy]")) {
  const said = button.parentElement.querySelector("[data-copied]");
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    said.textContent = "";
    await navigator.clipboard.writeText(location.href.split("#")[0]);
    said.textContent = "Link copied";
  });
}
