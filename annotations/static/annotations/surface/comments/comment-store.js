/** @import { Comment, Counts, Person, PageData } from "../model/types.js" */
/** @import { Step } from "../model/undo-steps.js" */
/** @import { Store } from "../model/store.js" */
import { newId } from "../model/ids.js";

/**
 * @typedef {(method: string, path: string, body: unknown) => Promise<any>} Write
 * @typedef {{type: string, by: string | null, annotation: string, comment: Comment, comments: Counts}} TalkNews
 * @typedef {{body: string, thread: string | null, mentions: string[]}} Saying
 */

/** What is said about annotations: asked for when somebody looks, kept in step by the live stream. */
export class CommentStore {
  /**
   * @param {{place: PageData, store: Store, write: Write}} parts
   */
  constructor({ place, store, write }) {
    this.place = place;
    this.store = store;
    this.write = write;
    /** By annotation, the oldest first. @type {Map<string, Comment[]>} */
    this.said = new Map();
    /** @type {Set<(annotation: string) => void>} */
    this.listeners = new Set();
    /** @type {Promise<Person[]> | null} */
    this.asked = null;
  }

  /** @param {(annotation: string) => void} listener */
  on(listener) {
    this.listeners.add(listener);
  }

  /**
   * Read it from the server, also what was missed.
   *
   * @param {string} annotation
   */
  async load(annotation) {
    const response = await fetch(this.#of(annotation));
    if (!response.ok) throw new Error(`The comments could not be loaded: the server answered ${response.status}.`);
    const unsent = (this.said.get(annotation) ?? []).filter(({ unsent }) => unsent);
    const known = /** @type {Comment[]} */ (await response.json());
    const there = new Set(known.map(({ id }) => id));
    this.said.set(annotation, [...known, ...unsent.filter(({ id }) => !there.has(id))]);
    this.#changed(annotation);
    if (known.some(({ mentions, deleted }) => !deleted && mentions.some(({ id }) => id === this.place.me.id))) this.#see(annotation);
  }

  /** Who can be mentioned. @returns {Promise<Person[]>} */
  members() {
    return (this.asked ??= fetch(`${this.place.urls.work}/members`).then(
      (response) => (response.ok ? response.json() : Promise.reject(new Error("The members could not be loaded."))),
    ).catch((error) => {
      this.asked = null;
      throw error;
    }));
  }

  /**
   * Say something; it shows at once. Comes to its end when the server has it, and fails with the reason if not.
   *
   * @param {string} annotation
   * @param {Saying} saying
   * @param {Person[]} people who are mentioned
   */
  async say(annotation, { body, thread, mentions }, people) {
    const id = newId();
    this.#put({
      id, annotation, thread, body, mentions: people, author: this.place.me, created_at: new Date().toISOString(),
      edited_at: null, deleted: false, resolved: null, unsent: true,
    });
    try {
      this.#put(await this.write("POST", this.#of(annotation), { id, body, mentions, ...(thread ? { thread } : {}) }));
    } catch (error) {
      this.#drop(annotation, id);
      throw error;
    }
  }

  /**
   * @param {Comment} comment
   * @param {string} body
   * @param {string[]} mentions
   */
  async edit({ id }, body, mentions) {
    this.#put(await this.write("PATCH", this.#one(id), { body, mentions }));
  }

  /** @param {Comment} comment */
  async remove({ id }) {
    this.#put(await this.write("DELETE", this.#one(id), undefined));
  }

  /**
   * A deletion as steps to be undone and done again.
   *
   * @param {Comment} comment
   * @returns {{undo: Step[], redo: Step[]}}
   */
  removal({ id }) {
    return {
      undo: [{ do: "call", method: "POST", path: `${this.#one(id)}/restore` }],
      redo: [{ do: "call", method: "DELETE", path: this.#one(id) }],
    };
  }

  /**
   * @param {Comment} comment
   * @param {"restore" | "resolve" | "reopen"} step
   */
  async step({ id }, step) {
    this.#put(await this.write("POST", `${this.#one(id)}/${step}`, {}));
  }

  /** @param {TalkNews} news */
  hear({ annotation, comment, comments }) {
    this.store.setTalk(annotation, comments);
    if (this.said.has(annotation)) this.#put(comment);
  }

  /** @param {Comment} comment */
  #put(comment) {
    const { annotation, id } = comment;
    const known = this.said.get(annotation) ?? [];
    const others = known.filter((each) => each.id !== id);
    this.said.set(annotation, [...others, comment].sort((a, b) => (a.created_at < b.created_at ? -1 : 1)));
    this.#changed(annotation);
  }

  /**
   * @param {string} annotation
   * @param {string} id
   */
  #drop(annotation, id) {
    this.said.set(annotation, (this.said.get(annotation) ?? []).filter((each) => each.id !== id));
    this.#changed(annotation);
  }

  /** @param {string} annotation */
  #changed(annotation) {
    this.store.setTalk(annotation, countsOf(this.said.get(annotation) ?? []));
    for (const listener of this.listeners) listener(annotation);
  }

  /** @param {string} annotation */
  #see(annotation) {
    this.write("POST", `${this.#of(annotation)}/seen`, {}).catch(() => {}); // it stays among the new ones
  }

  /** @param {string} annotation */
  #of(annotation) {
    return `${this.place.urls.work}/annotations/${annotation}/comments`;
  }

  /** @param {string} id */
  #one(id) {
    return `${this.place.urls.work}/comments/${id}`;
  }
}

/**
 * A comment with what answers it, or what is left of them.
 *
 * @typedef {{root: Comment, replies: Comment[]}} Thread
 */

/**
 * Threads that have something left to read, the oldest first.
 *
 * @param {Comment[]} comments
 * @returns {Thread[]}
 */
export function threadsOf(comments) {
  const roots = comments.filter(({ thread }) => thread === null);
  return roots
    .map((root) => ({ root, replies: comments.filter(({ thread, deleted }) => thread === root.id && !deleted) }))
    .filter(({ root, replies }) => !root.deleted || replies.length > 0);
}

/**
 * As the server counts them.
 *
 * @param {Comment[]} comments
 * @returns {Counts}
 */
export function countsOf(comments) {
  return {
    open: threadsOf(comments).filter(({ root }) => root.resolved === null).length,
    total: comments.filter(({ deleted }) => !deleted).length,
  };
}
