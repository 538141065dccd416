// What every page does once it is there, and again for each fragment that htmx brings.
import { confirmButtons } from "./confirm.js";
import { copyButtons } from "./copy.js";
import { refreshCounts } from "./counts.js";
import { goOn } from "./go-on.js";
import { userMenu } from "./menu.js";
import { passkeyFailures } from "./passkeys.js";
import { pageKeys } from "./keys/page-keys.js";
import { requests } from "./requests.js";
import { suggestionKeys } from "./suggestions.js";
import { themeSwitch } from "./theme/theme-switch.js";
import { localTimes } from "./times/times.js";

/** @param {ParentNode} part */
function prepare(part) {
  localTimes(part);
  copyButtons(part);
  goOn(part);
  const first = part.querySelector("[data-focus]");
  if (first instanceof HTMLElement) first.focus();
}

themeSwitch();
passkeyFailures();
requests();
userMenu();
confirmButtons();
suggestionKeys();
pageKeys();
prepare(document);
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target instanceof Element) prepare(event.target);
  refreshCounts();
});
