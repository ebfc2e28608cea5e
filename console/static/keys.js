// Moving about by keys; every step is also a link or a button that Tab reaches.
//
// A scanner types like a person, only quicker. A key pressed outside a field is therefore held back for a
// moment: when another follows at once it is a scan, and all of it goes into the field for scans.
(() => {
  "use strict";
  const TOGETHER_MS = 100;
  const field = () => document.querySelector("[data-search]") || document.querySelector("[data-scan]");
  const help = () => document.getElementById("keys");
  const typing = (element) => element.matches("input, textarea, select, [contenteditable]");
  const chosen = (element) =>
    element.type === "checkbox" || element.type === "radio" || element.type === "submit" || element.type === "button";

  const rows = () =>
    [...document.querySelectorAll("[data-rows] a[href]")].filter((link) => link.offsetParent !== null);

  function move(step) {
    const links = rows();
    if (links.length === 0) return;
    const here = links.indexOf(document.activeElement);
    const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
    const link = links[Math.max(0, Math.min(links.length - 1, next))];
    link.focus();
    link.scrollIntoView({ block: "nearest" });
  }

  const shortcuts = {
    "/": () => {
      if (field()) {
        field().focus();
        field().select();
      }
    },
    "?": () => help() && help().showModal(),
    j: () => move(1),
    k: () => move(-1),
  };

  // Some people speak to their computer, and every word of theirs would press keys: it can be turned off.
  const wanted = () => localStorage.getItem("keys") !== "off";

  let held = "";
  let timer = 0;

  function alone() {
    const key = held;
    held = "";
    timer = 0;
    if (shortcuts[key] && (key === "?" || wanted())) shortcuts[key]();
  }

  function scanned(key) {
    const scan = document.querySelector("[data-scan]");
    clearTimeout(timer);
    timer = 0;
    if (scan) {
      scan.value = held + key;
      scan.focus();
    }
    held = "";
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target;
    if (event.key === "Escape" && typing(target)) return target.blur();
    if ((typing(target) && !chosen(target)) || document.querySelector("dialog[open]")) return;
    if (event.key.length !== 1 || (event.key === " " && held === "")) return;
    event.preventDefault();
    if (held !== "") return scanned(event.key);
    held = event.key;
    timer = setTimeout(alone, TOGETHER_MS);
  });

  // On a narrow screen the menu is one line that is moved sideways: where I am comes into sight.
  const part = document.querySelector(".side [aria-current]");
  if (part) {
    const line = part.closest(".side");
    line.scrollLeft += part.getBoundingClientRect().left - (line.clientWidth - part.offsetWidth) / 2;
  }

  for (const button of document.querySelectorAll("[data-keys]")) {
    button.hidden = false;
    button.addEventListener("click", () => help().showModal());
  }
  for (const box of document.querySelectorAll("[data-keys-on]")) {
    box.checked = wanted();
    box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
  }

  // Kept by the browser for its back button, such a page may show what is over by now: it asks once more.
  addEventListener("pageshow", (event) => {
    if (event.persisted && document.querySelector("[data-patient]")) location.reload();
  });

  // What asks again and again waits out a fault of the server: the page, with what was typed, stays as it is.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const patient = event.detail.requestConfig.elt.hasAttribute("data-patient");
    if (patient && event.detail.xhr.status >= 429) event.detail.shouldSwap = false;
  });
})();
