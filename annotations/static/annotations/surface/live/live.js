/** @import { News, State } from "./stream.js" */
/** @import { Said } from "./live-worker.js" */
import { Stream } from "./stream.js";

/**
 * @typedef {object} Told
 * @property {(news: News) => void} onNews
 * @property {(state: State) => void} onState
 */

/**
 * What others do to a source, as it happens, over the one stream that all pages of this browser share.
 *
 * Hidden pages let go of it and catch up when shown.
 */
export class Live {
  /**
   * @param {{url: string, worker: string, me: string, source: string}} place `me` keeps people who share a browser apart
   * @param {number} cursor the last event already known
   * @param {Told} told
   */
  constructor({ url, worker, me, source }, cursor, told) {
    this.source = source;
    this.cursor = cursor;
    this.told = told;
    this.line = "SharedWorker" in globalThis ? new WorkerLine(worker, url, me) : new OwnLine(url);
    this.joined = false;
    document.addEventListener("visibilitychange", () => this.#follow());
    addEventListener("pagehide", () => this.#leave());
    addEventListener("pageshow", () => this.#follow());
    this.#follow();
  }

  #follow() {
    if (document.hidden) return this.#leave();
    if (this.joined) return;
    this.joined = true;
    this.line.join(this.source, this.cursor, (said) => this.#hear(said));
  }

  #leave() {
    if (!this.joined) return;
    this.joined = false;
    this.line.leave();
  }

  /** @param {Said} said */
  #hear(said) {
    if (!this.joined) return;
    if ("state" in said) return this.told.onState(said.state);
    if (said.news.topic !== "presence") {
      if (said.news.seq <= this.cursor) return;
      this.cursor = said.news.seq;
    }
    this.told.onNews(said.news);
  }
}

/** The way to the stream through the worker that all pages share. */
class WorkerLine {
  /**
   * @param {string} script
   * @param {string} url
   * @param {string} me
   */
  constructor(script, url, me) {
    this.url = url;
    this.lock = `live ${crypto.randomUUID?.() ?? Math.random()}`;
    this.port = new SharedWorker(script, { name: `live ${me}`, type: "module" }).port;
    this.held = navigator.locks ? new Promise((taken) => void navigator.locks.request(this.lock, () => (taken(null), new Promise(() => {})))) : null;
  }

  /**
   * @param {string} source
   * @param {number} cursor
   * @param {(said: Said) => void} hear
   */
  async join(source, cursor, hear) {
    await this.held; // else the worker would be given the lock
    this.port.onmessage = ({ data }) => hear(data);
    this.port.postMessage({ join: { url: this.url, source, cursor, lock: this.lock } });
  }

  async leave() {
    await this.held;
    this.port.postMessage({ leave: true });
  }
}

/** A stream of this page's own, where browsers have no shared workers. */
class OwnLine {
  /** @param {string} url */
  constructor(url) {
    this.stream = new Stream(url);
    this.leave = () => {};
  }

  /**
   * @param {string} source
   * @param {number} cursor
   * @param {(said: Said) => void} tell
   */
  join(source, cursor, tell) {
    this.leave = this.stream.join({ source, cursor, tell });
  }
}
