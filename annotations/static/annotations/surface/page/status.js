/** @import { State } from "../sync/outbox.js" */
import { h } from "../ui/dom.js";

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
    this.unsaved = { edits: 0, comments: 0 };
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

  /** What is typed and not saved yet. @param {{edits: number, comments: number}} counts */
  typed(counts) {
    this.unsaved = counts;
    this.#render();
  }

  #render() {
    const { saving, failed } = this.state;
    const shown = JSON.stringify([this.state, this.cut, this.unsaved]);
    if (shown === this.shown) return;
    this.shown = shown;
    const focused = this.root.contains(document.activeElement);
    const unsaved = this.#unsaved();
    this.root.dataset.state = failed > 0 ? "failed" : saving === "saved" && unsaved ? "unsaved" : saving;
    const link = h("a", { href: this.signIn, target: "_blank", rel: "noopener" }, "Sign in");
    const list = h("button", { type: "button", className: "status-failures", onclick: this.onFailures }, `${failed} could not be saved`);
    this.root.replaceChildren(
      [saving === "saved" && unsaved && failed === 0 ? "" : this.#sentence(), unsaved].filter(Boolean).join(" · "),
      ...(saving === "signed-out" ? [" · ", link] : []),
      ...(failed > 0 ? [" · ", list] : []),
      this.cut ? " · reconnecting…" : "");
    if (focused) this.root.querySelector(/** @type {"a"} */ ("a, button"))?.focus();
  }

  /** “All saved” never stands over text that is not. */
  #unsaved() {
    const { edits, comments } = this.unsaved;
    return [edits > 0 && `${edits} unsaved ${edits === 1 ? "edit" : "edits"}`, comments > 0 && `${comments} unsent ${comments === 1 ? "comment" : "comments"}`].filter(Boolean).join(" · ");
  }

  #sentence() {
    const { saving, waiting, failed, lasting } = this.state;
    if (saving === "saved") return failed > 0 ? "The rest is saved" : WORDS.saved;
    const kept = lasting ? "" : " in this tab only: keep it open";
    return (saving === "saving" ? WORDS.saving : `${WORDS[saving]}: ${waiting} waiting`) + kept;
  }
}
