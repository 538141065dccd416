// allauth's scripts tell of a passkey that failed by an event, and people read nothing of it.

const CANCELLED = "No passkey was used. Try again, or choose another way.";
const FAILED = "The browser could not use a passkey here. Choose another way, or use another browser.";

export function passkeyFailures() {
  document.addEventListener("allauth.error", (event) => {
    const region = document.getElementById("messages");
    if (!region || !(event instanceof CustomEvent)) return;
    event.preventDefault();
    const said = document.createElement("p");
    said.className = "message error";
    said.textContent = event.detail.exception?.name === "NotAllowedError" ? CANCELLED : FAILED;
    region.replaceChildren(said);
    region.scrollIntoView({ block: "nearest" });
  });
}
