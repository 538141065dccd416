/** @import { Annotation, Decision, FieldValue, Kind, PageData, State } from "../model/types.js" */
/** @import { Store } from "../model/store.js" */
/** @import { TextPane } from "../text/text-pane.js" */
import { h } from "../ui/dom.js";

/**
 * An annotation as the server writes it down for this page (queries/annotations/workbench.py).
 *
 * @typedef {[id: string, kind: Kind, label: string, state: State, version: number, published: number | null, author: number,
 *   created: number, updated: number, revision: number, ends: number[], links: [string, string, string][],
 *   decision: [Decision["verdict"], string, string, number] | null, origin: string, fields: Record<string, FieldValue>]} Row
 * @typedef {{cursor: number, people: [id: string, name: string][], annotations: Row[], talk: [id: string, open: number, total: number][]}} Compact
 */

/** The server did not give the annotations; the message is for people. */
class Unloaded extends Error {}

/** Gets everything that is tagged, while the text can be read already. */
export class Loading {
  /**
   * @param {{root: HTMLElement, place: PageData, store: Store, pane: TextPane}} parts `root` says what went wrong
   */
  constructor({ root, place, store, pane }) {
    this.root = root;
    this.place = place;
    this.store = store;
    this.pane = pane;
  }

  /** Comes to its end when everything is in the store, however often that must be tried. */
  async finish() {
    for (;;) {
      try {
        return await this.refresh();
      } catch (error) {
        if (!(error instanceof Unloaded)) throw error;
        await this.#askToTryAgain(error.message);
      }
    }
  }

  /** Take in what the server has now. What it no longer has goes, unless it never had it. */
  async refresh() {
    const compact = await compactOf(this.place.urls.compact);
    this.place.cursor = compact.cursor;
    this.store.talk = new Map(compact.talk.map(([id, open, total]) => [id, { open, total }]));
    this.store.load(annotationsOf(compact, this.pane));
  }

  /** @param {string} sentence */
  async #askToTryAgain(sentence) {
    const again = h("button", { type: "button" }, "Try again");
    this.root.replaceChildren(h("p", {}, sentence), again);
    this.root.hidden = false;
    await new Promise((pressed) => again.addEventListener("click", pressed, { once: true }));
    this.root.hidden = true;
  }
}

/**
 * @param {string} url
 * @returns {Promise<Compact>}
 */
async function compactOf(url) {
  const response = await fetch(url).catch(() => null);
  if (!response) throw new Unloaded("The annotations could not be loaded: the server was not reached.");
  if (response.status === 401) throw new Unloaded("You are signed out: sign in again in another tab to see the annotations.");
  if (!response.ok) throw new Unloaded(`The annotations could not be loaded: the server answered ${response.status}.`);
  return response.json().catch(() => {
    throw new Unloaded("The annotations could not be loaded: the answer broke off.");
  });
}

/**
 * In the shape in which the work API says them; their words come from the text.
 *
 * @param {Compact} compact
 * @param {TextPane} pane
 * @returns {Annotation[]}
 */
function annotationsOf({ people, annotations }, pane) {
  const authors = people.map(([id, name]) => ({ id, name }));
  return annotations.map(([id, kind, label, state, version, published, author, , updated, , ends, links, decision, origin, fields]) => ({
    id, kind, label, state, version, published_version: published, author: authors[author], origin, fields, deleted: false,
    spans: ends.flatMap((start, place) => (place % 2 ? [] : pane.part({ start, end: ends[place + 1] }))),
    relations: links.map(([uid, type, to]) => ({ id: uid, type, to })),
    decision: decision && { verdict: decision[0], note: decision[1], by: decision[2], at: new Date(decision[3]).toISOString() },
    updated_at: new Date(updated).toISOString(),
  }));
}
