const SAVING = { saved: "All saved", saving: "Saving…", retrying: "Not saved; retrying…" };

/** Whether everything reached the server, and whether others' news reach this page. */
export class Status {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {keyof typeof SAVING} */
    this.state = "saved";
    this.cut = false;
    this.#render();
  }

  /** @param {keyof typeof SAVING} state */
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
    this.root.dataset.state = this.state;
    this.root.textContent = SAVING[this.state] + (this.cut ? " · reconnecting…" : "");
  }
}
