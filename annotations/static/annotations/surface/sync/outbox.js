/** @import { Annotation, PageData } from "../model/types.js" */
/** @import { Answer, Api } from "./api.js" */
/** @import { Change, Write } from "./write-queue.js" */
/** @import { Store } from "../model/store.js" */
/** @import { BrowserStorage } from "./browser-storage.js" */
/** @import { Again } from "./response-outcome.js" */
import { newId } from "../model/ids.js";
import { projected } from "./optimistic-view.js";
import { NOTHING, added, applied, chainOf, discarded, inOrder, replaced, sendable, settled, started } from "./write-queue.js";
import { outcomeOf } from "./response-outcome.js";

const AT_ONCE = 4;
const FIRST_PAUSE = 500; // milliseconds
const LONGEST_PAUSE = 30_000;

/**
 * What came of a write: the annotation as it is now; else what was wrong, beside which field.
 *
 * @typedef {{saved: true, answer: any} | {saved: false, sentence: string, errors: Record<string, string[]>, current: Annotation | null}} WriteResult
 *
 * @typedef {{saving: "saved" | "saving" | "offline" | "signed-out", waiting: number, failed: number, lasting: boolean}} State
 * @typedef {{user: string, write?: Write, now?: Annotation | null, outcome?: WriteResult}} News What became of a write; without one, that something waits.
 *
 * @typedef {Pick<Write, "does" | "title" | "method" | "path"> & Partial<Write>} Order what to write; the rest is filled in here
 */

/**
 * Everything that an editor did and the server has not acknowledged.
 *
 * `add` shows it in the store at once, keeps it in IndexedDB and sends it until it is acknowledged: in order
 * for each annotation, several annotations beside each other. One tab of a browser sends at a time (a web lock
 * for each user), for all sources; the other tabs hear of it. Writes of another user stay where they are.
 */
export class Outbox {
  /**
   * @param {{place: PageData, vault: BrowserStorage, api: Api, store: Store}} parts
   */
  constructor({ place, vault, api, store }) {
    this.user = place.me.id;
    this.author = place.me;
    this.desk = place.urls.work;
    this.source = location.pathname;
    this.vault = vault;
    this.api = api;
    this.store = store;
    /** As in the vault. @type {Write[]} */
    this.kept = [];
    /** On their way into the vault. @type {Write[]} */
    this.entering = [];
    /** What the server says of annotations that wait. @type {Map<string, Annotation | null>} */
    this.said = new Map();
    /** @type {Map<string, (outcome: WriteResult) => void>} */
    this.waiting = new Map();
    /** @type {Map<string, number>} */
    this.troubles = new Map();
    this.notBefore = 0; // when the server wants to be asked again
    /** Why nothing goes out now. @type {"unreached" | "signed-out" | null} */
    this.stopped = null;
    this.misses = 0;
    this.last = 0;
    this.draining = false;
    this.asked = false;
    this.timer = 0;
    this.wake = () => {};
    this.onState = (/** @type {State} */ _) => {};
    this.onFailure = (/** @type {Write} */ _, /** @type {boolean} whether who wrote it is still there to hear of it */ __) => {};
    this.onMerge = (/** @type {Write} */ _, /** @type {Annotation} */ __) => {};
    this.channel = new BroadcastChannel("imprimatur-outbox");
    this.channel.addEventListener("message", ({ data }) => this.#hear(data));
    store.overlay = (annotation) => this.#overlaid(annotation);
    for (const event of ["online", "focus", "pageshow"]) addEventListener(event, () => this.send());
    document.addEventListener("visibilitychange", () => document.hidden || this.send());
  }

  /** Take up what an earlier page left. */
  async open() {
    await this.#reread();
    this.last = Math.max(this.last, ...this.kept.map(({ id }) => timeOf(id)));
    this.send();
  }

  /** All writes that wait, in order. */
  get writes() {
    return this.entering.length === 0 ? this.kept : applied(this.kept, { put: this.entering, remove: [] });
  }

  /** Those that the server refused. */
  get failures() {
    return this.writes.filter(({ failure }) => failure !== null);
  }

  /** Whether something would be lost if this page were closed now. */
  get isAtRisk() {
    return this.entering.length > 0 || (!this.vault.lasting && this.writes.length > 0);
  }

  /** @returns {State} */
  get state() {
    const failed = this.failures.length;
    const waiting = this.writes.length - failed;
    const halted = this.stopped === "signed-out" ? "signed-out" : this.stopped || !navigator.onLine ? "offline" : "saving";
    return { saving: waiting === 0 ? "saved" : halted, waiting, failed, lasting: this.vault.lasting };
  }

  /**
   * Show it at once, keep it, send it.
   *
   * @param {Order} order
   * @returns {Promise<WriteResult>} when the server has answered, however long that takes
   */
  add(order) {
    const write = this.#made(order);
    const outcome = new Promise((/** @type {(outcome: WriteResult) => void} */ done) => this.waiting.set(write.id, done));
    this.entering.push(write);
    this.#repaint([write.annotation]);
    this.#report();
    this.#change((writes) => added(writes, write), write).then(() => {
      this.channel.postMessage({ user: this.user });
      if (!this.kept.some(({ id }) => id === write.id)) this.#learn({ user: this.user, write, outcome: { saved: true, answer: null } }); // nothing was left to send
      this.send();
    });
    return outcome;
  }

  /**
   * Give up a write that was refused.
   *
   * @param {string} id
   */
  discard(id) {
    return this.#change((writes) => discarded(writes, id)).then(() => this.#go());
  }

  /**
   * Let go of all that waits for an annotation, and write this instead.
   *
   * @param {string} chain
   * @param {Order | null} order
   */
  replace(chain, order) {
    const instead = order && this.#made(order);
    return this.#change((writes) => replaced(writes, chain, instead)).then(() => this.#go());
  }

  /**
   * How the annotation would be if everything of it were saved, the refused ones too.
   *
   * @param {string} chain
   * @returns {Annotation | null}
   */
  wanted(chain) {
    const writes = chainOf(this.writes, chain);
    if (writes.length === 0) return null;
    const [{ annotation, failure }] = writes;
    const said = failure?.current ?? this.said.get(annotation) ?? this.store.annotations.get(annotation) ?? null;
    return projected(said, writes.map((write) => ({ ...write, failure: null })));
  }

  /** Send what waits now. */
  async send() {
    this.misses = 0;
    await this.#drain();
  }

  /** @param {Order} order @returns {Write} */
  #made(order) {
    this.last = Math.max(Date.now(), this.last + 1);
    const { annotation = "" } = order;
    const id = newId(this.last);
    return {
      id, user: this.user, author: this.author, desk: this.desk, source: this.source, annotation, chain: annotation || id,
      body: {}, base: null, was: null, shown: null, tries: 0, failure: null, ...order,
    };
  }

  /**
   * @param {(writes: Write[]) => Change} decide
   * @param {Write} [entered] what comes into the vault by this, or is taken back by it
   */
  async #change(decide, entered) {
    const writes = inOrder(await this.vault.change(this.user, decide));
    this.entering = this.entering.filter((each) => each !== entered);
    const before = this.kept;
    this.kept = writes;
    this.#repaint(touched(before, writes));
    this.#report();
    return writes;
  }

  #reread() {
    return this.#change(() => NOTHING);
  }

  /** Tell the other tabs, and send. */
  #go() {
    this.channel.postMessage({ user: this.user });
    return this.send();
  }

  /** Send until nothing is left or nothing gets through. The lock is held no longer than that. */
  async #drain() {
    clearTimeout(this.timer);
    const wait = this.notBefore - Date.now();
    if (wait > 0) {
      this.timer = setTimeout(() => this.#drain(), wait);
      return;
    }
    this.asked = true;
    if (this.draining) return this.wake();
    this.draining = true;
    while (this.asked && this.#isReady) {
      this.asked = false;
      await (navigator.locks?.request(`imprimatur-outbox-${this.user}`, () => this.#round()) ?? this.#round());
    }
    this.draining = false;
    this.#report();
    if (this.#isReady) this.timer = setTimeout(() => this.#drain(), pause(this.misses++));
  }

  get #isReady() {
    return sendable(this.writes, new Set()).length > 0;
  }

  async #round() {
    await this.#reread();
    /** @type {Set<string>} */
    const busy = new Set();
    /** @type {Set<Promise<void>>} */
    const running = new Set();
    for (let gettingThrough = true; ; ) {
      for (const write of gettingThrough ? sendable(this.kept, busy).slice(0, AT_ONCE - running.size) : []) {
        busy.add(write.chain);
        const sending = this.#sendOne(write.id).then((again) => {
          running.delete(sending);
          if (again === null) busy.delete(write.chain); // one in trouble waits for the next round
          else gettingThrough &&= again === "trouble";
        });
        running.add(sending);
      }
      if (running.size === 0) return;
      await Promise.race([...running, new Promise((woken) => (this.wake = () => woken(undefined)))]);
    }
  }

  /**
   * @param {string} id
   * @returns {Promise<Again["because"] | null>} why it must be sent again later
   */
  async #sendOne(id) {
    const write = (await this.#change((writes) => started(writes, id))).find((each) => each.id === id);
    if (!write) return null; // taken back
    const answer = await this.api.send({ ...write, base: write.base || this.#versionOf(write.annotation) });
    const troubles = this.troubles.get(id) ?? 0;
    const verdict = outcomeOf(write, answer, troubles);
    if (verdict.is === "again") {
      this.notBefore = Math.max(this.notBefore, Date.now() + (answer?.after ?? 0));
      this.troubles.set(id, verdict.because === "trouble" ? troubles + 1 : troubles);
      if (verdict.because !== "trouble") this.stopped = verdict.because;
      this.#report();
      return verdict.because;
    }
    this.stopped = null;
    this.misses = 0;
    const now = stateAfter(write, answer) ?? this.said.get(write.annotation) ?? null;
    this.#hold(now);
    await this.#change((writes) => settled(writes, id, verdict));
    if (verdict.is === "rebased") this.onMerge(write, /** @type {Annotation} */ (now));
    else if (verdict.is === "done") this.#tell({ user: this.user, write, now, outcome: { saved: true, answer: answer?.body } });
    else this.#tell({ user: this.user, write: { ...write, failure: verdict.failure }, now, outcome: { saved: false, ...verdict.failure } });
    return null;
  }

  /** @param {string} id */
  #versionOf(id) {
    return (this.said.get(id) ?? this.store.annotations.get(id))?.version ?? null;
  }

  /** @param {News} news of a write that is settled */
  #tell(news) {
    this.channel.postMessage(news);
    this.#learn(news);
  }

  /** @param {News} news */
  #learn({ write, now, outcome }) {
    if (now) this.store.put(now);
    if (!write || !outcome) return;
    const heard = this.waiting.get(write.id);
    this.waiting.delete(write.id);
    heard?.(outcome);
    if (write.failure && write.source === this.source) this.onFailure(write, heard !== undefined);
  }

  /** @param {News} news from another tab */
  async #hear(news) {
    if (news.user !== this.user) return;
    if (news.outcome) this.stopped = null;
    this.#hold(news.now ?? null);
    await this.#reread();
    this.#learn(news);
    if (!this.stopped) this.#drain();
  }

  /** Take note of what the server says, before what waits on top of it changes. @param {Annotation | null} now */
  #hold(now) {
    const known = now && this.said.get(now.id);
    if (now && this.said.has(now.id) && (known?.version ?? 0) <= now.version) this.said.set(now.id, now);
  }

  /**
   * What the server says, with what waits on top of it.
   *
   * @param {Annotation} annotation
   * @returns {Annotation}
   */
  #overlaid(annotation) {
    const writes = this.#about(annotation.id);
    if (writes.length === 0) return annotation;
    this.said.set(annotation.id, annotation);
    return projected(annotation, writes) ?? annotation;
  }

  /** @param {Iterable<string>} ids */
  #repaint(ids) {
    for (const id of ids) {
      const writes = this.#about(id);
      const known = this.store.annotations.get(id);
      if (!this.said.has(id)) {
        if (writes.length === 0) continue;
        this.said.set(id, known && known.version > 0 ? known : null);
      }
      const said = this.said.get(id) ?? null;
      const shown = projected(said, writes);
      if (writes.length === 0) this.said.delete(id);
      if (shown && !shown.deleted) this.store.show(shown);
      else if (said || writes.length > 0) this.store.remove(id); // else another tab sent it, and its news are on their way
    }
  }

  /** @param {string} id */
  #about(id) {
    return this.writes.filter((write) => write.annotation === id && write.source === this.source);
  }

  #report() {
    this.onState(this.state);
  }
}

/** @param {number} misses so far @returns milliseconds, spread so that many browsers do not come at once */
function pause(misses) {
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** misses) * (0.5 + Math.random() / 2);
}

/** @param {string} id a UUIDv7 @returns milliseconds since 1970 */
function timeOf(id) {
  return parseInt(id.replace("-", "").slice(0, 12), 16);
}

/**
 * The annotations of writes that came, went or changed.
 *
 * @param {Write[]} before
 * @param {Write[]} after
 */
function touched(before, after) {
  const then = new Map(before.map((write) => [write.id, JSON.stringify(write)]));
  const same = new Set(after.filter((write) => then.get(write.id) === JSON.stringify(write)).map(({ id }) => id));
  return new Set([...before, ...after].filter(({ id }) => !same.has(id)).map(({ annotation }) => annotation));
}

/**
 * The annotation as the server's answer shows it.
 *
 * @param {Write} write
 * @param {Answer | null} answer
 * @returns {Annotation | null}
 */
function stateAfter({ annotation, does, shown }, answer) {
  const { status, body } = /** @type {Answer} */ (answer);
  const found = status < 300 ? body : body.current;
  if (found?.id === annotation && found.spans) return found;
  return does === "delete" && status === 404 && shown ? { ...shown, deleted: true } : null;
}
