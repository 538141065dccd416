/** @import { State } from "./outbox.js" */
import { h } from "./dom.js";

const WORDS = { saved: "All saved", saving: "Saving…", offline: "Offline", "signed-out": "Signed out" };

/** Whether everything reached the server, and whether others' news reach this page. */
export class Status {
  /**
   * @param {HTMLElement} root
   * @param {{signIn: string, onFailures: () => void}} ways to sign in, and to what could not be saved
   */
  constructor(root, { signIn, onFailures }) {
    this.root = root;
    this.signIn = `${signIn}?next=${encodeURIComponent(location.pathname)}`;
    this.onFailures = onFailures;
    /** @type {State} */
    this.state = { saving: "saving", waiting: 0, failed: 0, lasting: true };
    this.cut = false;
    this.shown = "";
  }

  /** @param {State} state */
  saving(state) {
    this.state = state;
    this.#render();
  }

  /** @param {"live" | "cut"} state */
  live(state) {
    this.cut = state === "cut";
    this.#render();
  }

  #render() {
    const { saving, failed } = this.state;
    const shown = JSON.stringify([this.state, this.cut]);
    if (shown === this.shown) return;
    this.shown = shown;
    const focused = this.root.contains(document.activeElement);
    this.root.dataset.state = failed > 0 ? "failed" : saving;
    const link = h("a", { href: this.signIn, target: "_blank", rel: "noopener" }, "Sign in");
    const list = h("button", { type: "button", className: "status-failures", onclick: this.onFailures }, `${failed} could not be saved`);
    this.root.replaceChildren(
      this.#sentence(),
      ...(saving === "signed-out" ? [" · ", link] : []),
      ...(failed > 0 ? [" · ", list] : []),
      this.cut ? " · reconnecting…" : "");
    if (focused) this.root.querySelector(/** @type {"a"} */ ("a, button"))?.focus();
  }

  #sentence() {
    const { saving, waiting, failed, lasting } = this.state;
    if (saving === "saved") return failed > 0 ? "The rest is saved" : WORDS.saved;
    const kept = lasting ? "" : " in this tab only: keep it open";
    return (saving === "saving" ? WORDS.saving : `${WORDS[saving]}: ${waiting} waiting`) + kept;
  }
}
