/** @import { Annotation } from "../model/types.js" */
/** @import { Values } from "./form.js" */
/** @import { BrowserStorage } from "../sync/browser-storage.js" */
import { bothStand, differing, merged, saidBy } from "../model/merge.js";

/**
 * What was typed and not saved, the version it was typed on, and whether that is an unfinished tag.
 *
 * @typedef {{base: Annotation, values: Values, notice: string, isDraft: boolean}} Typed
 */

/** Everything typed on this page and not saved, also by an earlier page. */
export class UnsavedValues {
  /**
   * @param {BrowserStorage} vault
   * @param {string} name of this user and source
   */
  constructor(vault, name) {
    this.vault = vault;
    this.name = `typed ${name} `;
    /** @type {Map<string, Typed>} */
    this.values = new Map();
    /** @type {(() => void)[]} */
    this.listeners = [];
  }

  /** @param {() => void} listener runs whenever something typed is kept or let go */
  on(listener) {
    this.listeners.push(listener);
  }

  /** Ids of the annotations with values that differ from what was saved, an unfinished tag included. @returns {Set<string>} */
  get unsaved() {
    return new Set([...this.values.values()].filter(isUnsaved).map(({ base }) => base.id));
  }

  /**
   * Take up what an earlier page left; what was typed here meanwhile comes first.
   *
   * @returns {Promise<Typed[]>} what was left
   */
  async open() {
    const found = /** @type {Typed[]} */ (await this.vault.find(this.name));
    for (const typed of found) if (!this.values.has(typed.base.id)) this.values.set(typed.base.id, typed);
    this.#say();
    return found;
  }

  /** @param {string} id */
  get(id) {
    return this.values.get(id);
  }

  get size() {
    return this.values.size;
  }

  /** @param {Typed} typed */
  keep(typed) {
    this.values.set(typed.base.id, typed);
    this.vault.keep(this.name + typed.base.id, typed);
    this.#say();
  }

  /** @param {string} id */
  forget(id) {
    if (!this.values.delete(id)) return;
    this.vault.keep(this.name + id, null);
    this.#say();
  }

  #say() {
    for (const listener of this.listeners) listener();
  }
}

/** Whether the values differ from the version that they were typed on. @param {Typed} typed */
export function isUnsaved({ base, values, isDraft }) {
  return isDraft || differing(saidBy(base), { ...saidBy(base), ...values }).length > 0;
}

/**
 * What is typed, on top of a version that came meanwhile: what somebody else put into other fields is taken in.
 *
 * @param {Typed} typed
 * @param {Annotation} current
 * @returns {Typed | null} null when both changed the same, or one of them the label or the words
 */
export function rebased(typed, current) {
  const was = saidBy(typed.base);
  const mine = { ...was, ...typed.values };
  if (!bothStand(differing(was, mine), differing(was, current), current)) return null;
  const { label, fields } = merged(was, mine, saidBy(current));
  return { ...typed, base: current, values: { label, fields } };
}
