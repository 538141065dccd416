// Single keys of the review page: a, r, x decide; j and k go through the queue.
// They can be switched off (WCAG 2.1.4), and never act while somebody types.

const SWITCH = "review-keys";

/** @returns {boolean} */
function isOn() {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
}

/** @param {KeyboardEvent} event */
function isTyping(event) {
  const target = event.target;
  return (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    event.isComposing ||
    event.repeat ||
    (target instanceof Element && target.closest("input, textarea, select, [contenteditable]"))
  );
}

/** @param {HTMLElement} action */
function act(action) {
  const note = document.getElementById("id_note");
  const needed = "needsNote" in action.dataset;
  if (needed && note instanceof HTMLTextAreaElement && !note.value.trim()) note.focus();
  else action.click();
}

function keySwitch() {
  const row = document.querySelector("[data-keys-switch]");
  const box = document.getElementById("keys-on");
  if (!(row instanceof HTMLElement) || !(box instanceof HTMLInputElement)) return;
  row.hidden = false;
  box.checked = isOn();
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(SWITCH, box.checked ? "on" : "off");
    } catch {
      // Storage is closed to this page: the keys stay on.
    }
  });
}

keySwitch();
document.addEventListener("keydown", (event) => {
  if (isTyping(event) || !isOn()) return;
  const action = document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not(:disabled)`);
  if (!(action instanceof HTMLElement)) return;
  event.preventDefault();
  act(action);
});
