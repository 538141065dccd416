/** @import { Annotation } from "./types.js" */

/** @import { TalkNews } from "./talk.js" */

/** @typedef {{seq: number, type: string, by: string | null, annotation: Annotation}} News */

const PAUSE = 4000; // milliseconds before a stream that was refused is tried again

/** What others do, as it happens. Hidden pages let go of their stream and catch up when shown. */
export class Live {
  /**
   * @param {string} url
   * @param {number} cursor the last event already known
   * @param {{onNews: (news: News) => void, onTalk: (news: TalkNews) => void, onState: (state: "live" | "cut") => void}} told
   */
  constructor(url, cursor, told) {
    this.url = url;
    this.cursor = cursor;
    this.told = told;
    /** @type {EventSource | null} */
    this.source = null;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#close() : this.#open()));
    addEventListener("pagehide", () => this.#close());
    addEventListener("pageshow", () => this.#open());
    this.#open();
  }

  #open() {
    if (this.source || document.hidden) return;
    const source = (this.source = new EventSource(`${this.url}?after=${this.cursor}`));
    source.addEventListener("open", () => this.told.onState("live"));
    source.addEventListener("annotation", (event) => {
      const news = /** @type {News} */ (JSON.parse(event.data));
      this.cursor = news.seq;
      this.told.onNews(news);
    });
    source.addEventListener("comment", (event) => {
      const news = JSON.parse(event.data);
      this.cursor = news.seq;
      this.told.onTalk(news);
    });
    source.addEventListener("error", () => {
      this.told.onState("cut");
      if (source.readyState !== EventSource.CLOSED || this.source !== source) return;
      this.#close(); // refused, and the browser gave up
      setTimeout(() => this.#open(), PAUSE);
    });
  }

  #close() {
    this.source?.close();
    this.source = null;
  }
}
