// What htmx sends and what comes of it: the newest form token, and a word when it fails.

const UNREACHED = "The server cannot be reached. What you typed is still here; try again in a moment.";

/** @returns {string | undefined} */
export function token() {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
}

/** @param {HTMLElement} region */
function sayFailures(region) {
  document.addEventListener("htmx:sendError", () => {
    const said = document.createElement("p");
    said.className = "message error";
    said.textContent = UNREACHED;
    region.replaceChildren(said);
    region.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!(event instanceof CustomEvent) || event.detail.target === region) return;
    for (const said of region.querySelectorAll(".error")) said.remove();
  });
  region.addEventListener("htmx:afterSettle", () => region.scrollIntoView({ block: "nearest" }));
}

/** A sign-in in another tab makes a new token, which a form that was opened before cannot know. */
function sendNewestToken() {
  document.addEventListener("htmx:configRequest", (event) => {
    const newest = token();
    if (!newest || !(event instanceof CustomEvent) || event.detail.verb === "get") return;
    event.detail.parameters.csrfmiddlewaretoken = newest;
  });
}

export function requests() {
  sendNewestToken();
  const region = document.getElementById("messages");
  if (region) sayFailures(region);
}
