// What the pages do beyond forms and links: show changes without reloading, and two keys for the
// review queue. Everything works without this file.
"use strict";

(() => {
  const EVERY = 10000;
  const main = document.querySelector("main[data-live]");
  let known = null;

  const isBusy = () =>
    document.hidden ||
    main.querySelector("details[open] form") ||
    ["INPUT", "SELECT", "TEXTAREA"].includes(document.activeElement.tagName);

  const refresh = async () => {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("main");
    if (fresh && !isBusy()) main.replaceChildren(...fresh.childNodes);
  };

  const look = async () => {
    try {
      const answer = await fetch("/live", { headers: { accept: "application/json" } });
      if (!answer.ok) return;
      const { mark } = await answer.json();
      if (known !== null && mark !== known && isBusy()) return;
      if (known !== null && mark !== known) await refresh();
      known = mark;
    } catch {
      // The desk restarts, or the line is down: the next look may succeed.
    }
  };

  if (main) {
    look();
    setInterval(look, EVERY);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select"))
      return;
    const button = document.querySelector(`button[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (button) button.click();
  });
})();
