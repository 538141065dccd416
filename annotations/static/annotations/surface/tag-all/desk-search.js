/** @import { Api } from "../sync/api.js" */
import { Problem } from "../sync/api.js";
import { h } from "../ui/dom.js";

const PAUSE = 1000; // milliseconds between two looks at the job

/** @typedef {{id: string, state: "queued" | "running" | "done" | "failed", progress: number, step: string, error: string}} Job */

/** Looking for a mention in all sources of the desk: the button, then the job's progress, then the way to what it found. */
export class DeskSearch {
  /**
   * @param {{api: Api, work: string, page: string, onDone: (sentence: string) => void}} parts
   */
  constructor({ api, work, page, onDone }) {
    this.api = api;
    this.work = work;
    this.page = page;
    this.onDone = onDone;
    this.others = 0;
    /** By mention. @type {Map<string, Job>} */
    this.jobs = new Map();
    this.root = h("section", { className: "tagall-search", "aria-label": "Other sources" });
  }

  get isOffered() {
    return this.others > 0;
  }

  /**
   * As it stands for this mention.
   *
   * @param {string} mention
   */
  element(mention) {
    this.shown = mention;
    this.#render();
    return this.root;
  }

  #render() {
    const job = this.jobs.get(this.shown ?? "");
    const focused = this.root.contains(document.activeElement);
    this.root.replaceChildren(...(job ? this.#progress(job) : this.#offer()));
    if (focused) /** @type {HTMLElement | null} */ (this.root.querySelector("a, button, progress"))?.focus({ preventScroll: true });
  }

  #offer() {
    if (!this.isOffered) return [];
    const where = this.others === 1 ? "the other source" : `the other ${this.others} sources`;
    return [h("button", { type: "button", id: "tagall-desk", onclick: () => this.#start() }, `Also look in ${where}`)];
  }

  /** @param {Job} job */
  #progress({ state, progress, step, error }) {
    if (state === "failed") return [h("p", { role: "alert" }, error), h("button", { type: "button", onclick: () => this.#start() }, "Look again")];
    if (state === "done") return [h("p", { role: "status" }, "All sources are searched. ", h("a", { href: this.page }, "See what was found"))];
    return [
      h("p", { id: "tagall-step" }, state === "queued" ? "Queued" : step || "Searching all sources"),
      h("progress", { max: 100, value: progress, tabIndex: 0, "aria-labelledby": "tagall-step" }),
    ];
  }

  async #start() {
    const mention = this.shown ?? "";
    try {
      await this.#follow(mention, await this.api.write("POST", `${this.work}/annotations/${mention}/suggestions`, { scope: "desk" }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#put(mention, { id: "", state: "failed", progress: 0, step: "", error: error.message });
    }
  }

  /**
   * @param {string} mention
   * @param {Job} job
   */
  async #follow(mention, job) {
    this.#put(mention, job);
    while (job.state === "queued" || job.state === "running") {
      await new Promise((done) => setTimeout(done, PAUSE));
      const answer = await fetch(`${this.work}/jobs/${job.id}`).catch(() => null);
      if (!answer?.ok) continue; // asked again until the server is there
      job = await answer.json();
      this.#put(mention, job);
    }
    this.onDone(job.state === "done" ? "All sources are searched: see Suggestions." : job.error);
  }

  /**
   * @param {string} mention
   * @param {Job} job
   */
  #put(mention, job) {
    this.jobs.set(mention, job);
    if (mention === this.shown) this.#render();
  }
}
