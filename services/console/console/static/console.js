// Small manners of every page: one send per form, the menu on small screens, polite polling, lost connections.
"use strict";

const LOOKING_MS = 3000;
const AWAY_MS = 60000;
const SELDOM = 10;

document.addEventListener("click", (event) => {
  const toggle = event.target.closest("[data-toggles]");
  if (toggle) {
    const open = document.getElementById(toggle.dataset.toggles).classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
  }
  const button = event.target.closest("button[commandfor]");
  if (button && !("command" in HTMLButtonElement.prototype)) {
    const dialog = document.getElementById(button.getAttribute("commandfor"));
    if (button.getAttribute("command") === "show-modal") dialog.showModal();
    else dialog.close();
  }
});

// A form is sent once; the button stays reachable so that focus is not lost.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-once]");
  if (!form || event.defaultPrevented) return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  form.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
});

// The first error of a refused form is where the reader is taken, be it in a dialog.
window.addEventListener("DOMContentLoaded", () => {
  const wrong = document.querySelector("[aria-invalid='true']");
  const dialog = wrong && wrong.closest("dialog");
  if (dialog) dialog.showModal();
  if (wrong) wrong.focus();
});

// Parts with hx-trigger="poll" are asked for often while somebody looks, and seldom otherwise; counts always seldom.
let beat = 0;
function poll() {
  beat += 1;
  for (const part of document.querySelectorAll("[data-poll]")) {
    if (part.dataset.poll === "seldom" && beat % SELDOM) continue;
    if (!part.contains(document.activeElement) || part.dataset.poll === "always") htmx.trigger(part, "poll");
  }
  setTimeout(poll, document.visibilityState === "visible" ? LOOKING_MS : AWAY_MS);
}
setTimeout(poll, LOOKING_MS);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") {
    for (const part of document.querySelectorAll("[data-poll]")) htmx.trigger(part, "poll");
  }
});

function lost(now) {
  document.getElementById("lost").hidden = !now;
}
window.addEventListener("offline", () => lost(true));
window.addEventListener("online", () => lost(false));
document.addEventListener("htmx:sendError", () => lost(true));
document.addEventListener("htmx:afterOnLoad", () => lost(false));
