// The three buttons in the footer, and wherever else they are; theme.js applies the choice before the next page is painted.

import { token } from "../requests.js";

const UNDER_WAY = 2000; // milliseconds in which a page that was asked for before the answer arrives

/** @returns {string} */
function chosen() {
  return document.documentElement.dataset.theme ?? "auto";
}

/** @param {string} choice */
function choose(choice) {
  if (choice === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  try {
    localStorage.setItem("theme", choice);
  } catch {
    // Storage is closed to this page: the choice lasts until it is left.
  }
  if (document.documentElement.dataset.account) keep(choice);
}

/** Write it into the profile, so that it is the same on the person's other devices. @param {string} choice */
async function keep(choice) {
  const body = new URLSearchParams({ theme: choice === "auto" ? "" : choice, csrfmiddlewaretoken: token() ?? "" });
  try {
    sessionStorage.setItem("theme-sent", "1"); // a page that is opened before the answer does not know of it
    await fetch("/accounts/profile/theme", { method: "POST", body, keepalive: true, signal: AbortSignal.timeout(10_000) });
    setTimeout(() => sessionStorage.removeItem("theme-sent"), UNDER_WAY);
  } catch {
    // The server cannot be reached: the choice holds on this device.
  }
}

export function themeSwitch() {
  const groups = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".theme-switch"));
  const buttons = [...groups].flatMap((group) => [...group.querySelectorAll("button")]);
  const show = () => {
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen()));
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      choose(button.dataset.themeChoice ?? "auto");
      show();
    });
  }
  show();
  for (const group of groups) group.hidden = false;
}
