/** @import { Person } from "../model/types.js" */

/** @typedef {{body: string, mentions: Person[]}} Said */

/** What was typed and not sent, kept in this browser for its user until it is sent or thrown away. */
export class CommentDrafts {
  /** @param {string} user id */
  constructor(user) {
    this.user = user;
    /** Keys of what was typed on this page and not sent. @type {Set<string>} */
    this.keys = new Set();
    this.onChange = () => {};
  }

  /**
   * @param {string} key what it is for
   * @returns {Said | undefined}
   */
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(this.#name(key)) ?? "null") ?? undefined;
    } catch {
      return undefined; // a browser that keeps nothing
    }
  }

  /**
   * @param {string} key
   * @param {Said} said
   */
  keep(key, said) {
    if (said.body.trim() === "") this.keys.delete(key);
    else this.keys.add(key);
    this.onChange();
    try {
      if (said.body.trim() === "") localStorage.removeItem(this.#name(key));
      else localStorage.setItem(this.#name(key), JSON.stringify(said));
    } catch {
      // full, or a browser that keeps nothing: it is in the page still
    }
  }

  /** @param {string} key */
  #name(key) {
    return `imprimatur unsent ${this.user} ${key}`;
  }
}
