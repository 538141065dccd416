/** @import { PageData, Span } from "../model/types.js" */
/** @import { Store } from "../model/store.js" */
/** @import { TextPane } from "../text/text-pane.js" */

const OFTEN = 700; // milliseconds between two messages while somebody scrolls
const SIGN_OF_LIFE = 20_000; // milliseconds; others forget who is silent for 45 seconds
const EDGE = 10; // pixels from the edge of the window within which nobody reads

/** Tells the others what this person has on screen and has selected, while the page is shown. */
export class PresenceReporter {
  /** @param {{place: PageData, store: Store, pane: TextPane}} parts */
  constructor({ place, store, pane }) {
    this.url = place.urls.presence;
    this.csrfCookie = place.csrfCookie;
    this.store = store;
    this.pane = pane;
    this.said = "";
    /** @type {ReturnType<typeof setTimeout> | null} */
    this.waiting = null;
    addEventListener("scroll", () => this.#soon(), { passive: true });
    addEventListener("resize", () => this.#soon());
    store.on(["selected"], () => this.#soon());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#leave() : this.again()));
    addEventListener("pagehide", () => this.#leave());
    addEventListener("pageshow", () => this.again());
    setInterval(() => this.again(), SIGN_OF_LIFE);
    this.again();
  }

  /** Say it again, though nothing changed: somebody may have missed it. */
  again() {
    this.said = "";
    this.#soon();
  }

  #soon() {
    if (document.hidden) return;
    this.waiting ??= setTimeout(() => {
      this.waiting = null;
      this.#tell();
    }, OFTEN);
  }

  #tell() {
    if (document.hidden) return;
    const { start, end } = visible(this.pane);
    const body = new URLSearchParams({ start: String(start), end: String(end), selected: savedOnly(this.store) });
    if (String(body) === this.said) return;
    this.said = String(body);
    const headers = { "X-CSRFToken": token(this.csrfCookie) };
    // A sign that does not arrive is as good as the next one.
    fetch(this.url, { method: "POST", headers, body }).catch(() => (this.said = ""));
  }

  #leave() {
    if (this.waiting !== null) clearTimeout(this.waiting);
    this.waiting = null;
    navigator.sendBeacon(this.url, new URLSearchParams({ gone: "1", csrfmiddlewaretoken: token(this.csrfCookie) }));
  }
}

/** The selected annotation, if others can know it. @param {Store} store */
function savedOnly({ selected, annotations }) {
  return selected && (annotations.get(selected)?.version ?? 0) > 0 ? selected : "";
}

/**
 * What the window shows of the text.
 *
 * @param {TextPane} pane
 * @returns {Span}
 */
export function visible(pane) {
  const { blocks } = pane;
  const boxOf = (/** @type {number} */ place) => blocks[place].element.getBoundingClientRect();
  const first = firstOf(blocks.length, (place) => boxOf(place).bottom > EDGE);
  const last = Math.max(first, firstOf(blocks.length, (place) => boxOf(place).top > innerHeight - EDGE) - 1);
  const x = pane.root.getBoundingClientRect().left + EDGE;
  const start = pane.pointNear(x, Math.max(boxOf(first).top, 0) + EDGE) ?? blocks[first].start;
  const end = pane.pointNear(x, Math.min(boxOf(last).bottom, innerHeight) - EDGE) ?? blocks[last].end;
  return start <= end ? { start, end } : { start: blocks[first].start, end: blocks[last].end };
}

/**
 * The first place for which it is true, which it is for all after that one too; else the last.
 *
 * @param {number} count
 * @param {(place: number) => boolean} isSo
 */
function firstOf(count, isSo) {
  let [low, high] = [0, count - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isSo(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** @param {string} name */
function token(name) {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
