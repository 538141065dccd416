/** @import { Annotation } from "../model/types.js" */
/** @import { TalkNews } from "../comments/comment-store.js" */

/**
 * @typedef {{id: string, name: string, start: number, end: number, selected: string | null}} Person Somebody who reads the source,
 *   what they have on screen (code points) and the annotation they have selected.
 * @typedef {{topic: "annotation", seq: number, type: string, by: string | null, source: string, annotation: Annotation}} AnnotationNews
 * @typedef {TalkNews & {topic: "comment", seq: number, source: string}} CommentNews
 * @typedef {{topic: "presence", source: string, people: Person[], gone: string[]}} PresenceNews
 * @typedef {AnnotationNews | CommentNews | PresenceNews} News
 * @typedef {"live" | "cut" | "refused"} State
 * @typedef {{source: string, cursor: number, tell: (said: {news: News} | {state: State}) => void}} Listener `cursor` is the last event it has had.
 */

/** @type {News["topic"][]} */
const TOPICS = ["annotation", "comment", "presence"];
const GATHERING = 30; // milliseconds in which those who come and go together are waited for
const PAUSE = 1000; // milliseconds before a stream that broke is opened again, and up to twice that
const LONGEST_PAUSE = 8000;

/** One stream of the server for all listeners; it holds the sources that they listen to, and ends with the last. */
export class Stream {
  /**
   * @param {string} url
   * @param {(url: string) => EventSource} [open]
   */
  constructor(url, open = (address) => new EventSource(address)) {
    this.url = url;
    this.open = open;
    /** @type {Set<Listener>} */
    this.listeners = new Set();
    /** Up to which event each source of the open stream has come. @type {Map<string, number>} */
    this.reached = new Map();
    /** @type {EventSource | null} */
    this.events = null;
    /** @type {State} */
    this.state = "cut";
    this.pause = PAUSE;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    globalThis.addEventListener?.("online", () => this.events || this.#openIn(GATHERING));
  }

  /**
   * Tell this listener all that happens to its source after its cursor.
   *
   * @param {Listener} listener
   * @returns {() => void} stops that
   */
  join(listener) {
    this.listeners.add(listener);
    if (this.events && (this.reached.get(listener.source) ?? Infinity) <= listener.cursor) listener.tell({ state: this.state });
    else this.#openIn(GATHERING);
    return () => {
      if (this.listeners.delete(listener) && !this.#wanted().has(listener.source)) this.#openIn(GATHERING);
    };
  }

  /** From which event on each source is needed. */
  #wanted() {
    /** @type {Map<string, number>} */
    const wanted = new Map();
    for (const { source, cursor } of this.listeners) wanted.set(source, Math.min(cursor, wanted.get(source) ?? Infinity));
    return wanted;
  }

  /** @param {number} milliseconds */
  #openIn(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#open(), milliseconds);
  }

  #open() {
    this.events?.close();
    this.events = null;
    this.reached = this.#wanted();
    if (this.reached.size === 0) return;
    const on = [...this.reached].map(([source, cursor]) => `on=${source}:${cursor}`);
    const events = (this.events = this.open([this.url, ...on].join("&")));
    events.addEventListener("open", () => {
      this.pause = PAUSE;
      this.#say("live");
    });
    events.addEventListener("refused", (event) => this.#refuse(JSON.parse(event.data).source));
    for (const topic of TOPICS) events.addEventListener(topic, (event) => this.#pass({ topic, ...JSON.parse(event.data) }));
    events.addEventListener("error", () => this.events === events && this.#broke());
  }

  /** The browser would ask again by itself, but from the cursors of the beginning. */
  #broke() {
    this.events?.close();
    this.events = null;
    this.#say("cut");
    this.#openIn(this.pause * (1 + Math.random()));
    this.pause = Math.min(LONGEST_PAUSE, this.pause * 2);
  }

  /** @param {State} state */
  #say(state) {
    this.state = state;
    for (const { tell } of this.listeners) tell({ state });
  }

  /** @param {string} source */
  #refuse(source) {
    for (const listener of this.listeners) if (listener.source === source) listener.tell({ state: "refused" });
  }

  /** @param {News} news */
  #pass(news) {
    const seq = news.topic === "presence" ? null : news.seq;
    if (seq !== null) this.reached.set(news.source, seq);
    for (const listener of this.listeners) {
      if (listener.source !== news.source || (seq !== null && seq <= listener.cursor)) continue;
      if (seq !== null) listener.cursor = seq;
      listener.tell({ news });
    }
  }
}
