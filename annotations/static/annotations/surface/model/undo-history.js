/** @import { Step } from "./undo-steps.js" */
/** @import { Toasts } from "../ui/toasts.js" */
/** @import { BrowserStorage } from "../sync/browser-storage.js" */
import { keyOf } from "../../js/keys/shortcuts.js";
import { newId } from "./ids.js";

/**
 * What the editor did on this page, to be undone and done again, also after a reload.
 *
 * Other modules take part by one call after they did something:
 *
 *     commands.history.record({
 *       title: "accept 12 suggestions",
 *       undo: [{ do: "call", method: "POST", path: `${work}/suggestions/put-back`, body: { ids } }],
 *       redo: [{ do: "call", method: "POST", path: `${work}/suggestions/accept`, body: { ids } }],
 *     });
 *
 * The steps (undo-steps.js) are kept in IndexedDB, so they hold plain values only. Undoing is writing: its steps go
 * through the outbox like everything else. What somebody else changed since is not undone, and the editor is told.
 *
 * @typedef {{id: string, title: string, undo: Step[], redo: Step[]}} Deed
 * @typedef {{done: Deed[], undone: Deed[]}} Log
 */

const MOST = 100;
const DONE = { Undo: "Undone", Redo: "Redone" };
const NOT_POSSIBLE = { Undo: "Could not undo", Redo: "Could not redo" };

/**
 * @param {Log} log
 * @param {Deed} deed
 * @returns {Log} with the deed; what was undone before cannot be done again
 */
export function recorded({ done }, deed) {
  return { done: [...done, deed].slice(-MOST), undone: [] };
}

/**
 * @param {Log} log
 * @param {string} id
 * @returns {Log} with that deed undone
 */
export function undone(log, id) {
  const deed = log.done.find((each) => each.id === id);
  return deed ? { done: log.done.filter((each) => each !== deed), undone: [...log.undone, deed] } : log;
}

/**
 * @param {Log} log
 * @returns {Log} with the deed that was undone last done again
 */
export function redone({ done, undone: waiting }) {
  return { done: [...done, ...waiting.slice(-1)], undone: waiting.slice(0, -1) };
}

/** The log of a page, its two buttons, and the way to the server. */
export class History {
  /**
   * @param {{vault: BrowserStorage, name: string, toasts: Toasts, buttons: {undo: HTMLButtonElement, redo: HTMLButtonElement},
   *   obstacle: (step: Step) => string | null, perform: (step: Step, title: string) => void}} parts
   */
  constructor({ vault, name, toasts, buttons, obstacle, perform }) {
    this.vault = vault;
    this.name = `history ${name}`;
    this.toasts = toasts;
    this.buttons = buttons;
    this.obstacle = obstacle;
    this.perform = perform;
    /** @type {Log} */
    this.log = { done: [], undone: [] };
    /** What it said last, which the next step makes outdated. @type {{toast: HTMLElement, undoes: string} | null} */
    this.news = null;
    /** Kept once what an earlier page did is known. */
    this.opened = Promise.resolve();
    buttons.undo.addEventListener("click", () => this.undo());
    buttons.redo.addEventListener("click", () => this.redo());
    document.addEventListener("visibilitychange", () => document.hidden || this.#reread());
    this.#render();
  }

  /** Take up what an earlier page did. */
  open() {
    return (this.opened = this.#read());
  }

  async #read() {
    const [kept] = /** @type {Log[]} */ (await this.vault.find(this.name));
    if (!kept) return;
    this.log = { done: [...kept.done, ...this.log.done].slice(-MOST), undone: this.log.done.length > 0 ? [] : kept.undone };
    this.#render();
  }

  /** Another tab of this source may have done something meanwhile. */
  async #reread() {
    const [kept] = /** @type {Log[]} */ (await this.vault.find(this.name));
    if (kept) this.log = kept;
    this.#render();
  }

  /**
   * @param {Omit<Deed, "id">} deed its title goes on after “Undo: ”, “Undone: ” and “Redone: ”
   * @returns {string} its id
   */
  record({ title, undo, redo }) {
    const deed = { id: newId(), title, undo, redo };
    this.#keep(recorded(this.log, deed));
    this.news?.toast.remove();
    return deed.id;
  }

  /**
   * Say what was done; the toast goes when a later step is taken, here or in another tab.
   *
   * @param {string} sentence
   * @param {string} [id] of the deed, to offer its undo
   */
  tell(sentence, id = "") {
    this.news?.toast.remove();
    const undo = id ? { action: "Undo", run: () => this.undo(id) } : undefined;
    this.news = { toast: this.toasts.show(sentence, undo), undoes: id };
  }

  /**
   * Undo the last deed, or this one.
   *
   * @param {string} [id]
   */
  async undo(id) {
    await this.opened;
    const deed = id ? this.log.done.find((each) => each.id === id) : this.log.done.at(-1);
    if (!deed) return this.tell("There is nothing to undo.");
    this.#keep(undone(this.log, deed.id));
    if (!this.#run("Undo", deed.undo, deed.title)) this.#keep({ ...this.log, undone: this.log.undone.filter((each) => each !== deed) });
  }

  async redo() {
    await this.opened;
    const deed = this.log.undone.at(-1);
    if (!deed) return this.tell("There is nothing to redo.");
    this.#keep(redone(this.log));
    if (!this.#run("Redo", deed.redo, deed.title)) this.#keep({ ...this.log, done: this.log.done.filter((each) => each !== deed) });
  }

  /**
   * All steps or none.
   *
   * @param {"Undo" | "Redo"} what
   * @param {Step[]} steps
   * @param {string} title
   */
  #run(what, steps, title) {
    const why = steps.map(this.obstacle).find((each) => each !== null);
    if (why) {
      this.tell(`${NOT_POSSIBLE[what]} ${title}: ${why}`);
      return false;
    }
    for (const step of steps) this.perform(step, `${what}: ${title}`);
    this.tell(`${DONE[what]}: ${title}.`);
    return true;
  }

  /** @param {Log} log */
  #keep(log) {
    this.log = log;
    this.vault.keep(this.name, log);
    this.#render();
  }

  #render() {
    const last = { undo: this.log.done.at(-1), redo: this.log.undone.at(-1) };
    const { undo, redo } = this.buttons;
    if (this.news?.undoes && this.news.undoes !== last.undo?.id) this.news.toast.remove();
    undo.disabled = !last.undo;
    redo.disabled = !last.redo;
    undo.title = last.undo ? `Undo: ${last.undo.title} (${keyOf("undo")})` : "Nothing to undo";
    redo.title = last.redo ? `Redo: ${last.redo.title} (${keyOf("redo")})` : "Nothing to redo";
  }
}
