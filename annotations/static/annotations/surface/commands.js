/** @import { Api, Changes } from "./api.js" */
/** @import { Annotation, Decision, Kind, Span } from "./types.js" */
/** @import { Store } from "./store.js" */
/** @import { TextPane } from "./text.js" */
/** @import { Toasts } from "./toasts.js" */
import { Problem } from "./api.js";
import { newId } from "./ids.js";
import { overlaps } from "./store.js";

/**
 * What came of a save: the annotation as it is now; else what was wrong, beside which field.
 *
 * @typedef {{saved: true} | {saved: false, sentence: string, errors: Record<string, string[]>, current: Annotation | null}} Outcome
 */

/** What an editor can do: each changes the store at once and the server after it. */
export class Commands {
  /**
   * @param {{store: Store, api: Api, pane: TextPane, toasts: Toasts, announce: (sentence: string) => void}} parts
   */
  constructor({ store, api, pane, toasts, announce }) {
    this.store = store;
    this.api = api;
    this.pane = pane;
    this.toasts = toasts;
    this.announce = announce;
    /** @type {string[]} */
    this.deleted = [];
    /** Creations under way. @type {Map<string, Promise<Outcome>>} */
    this.creating = new Map();
  }

  /**
   * Tag the passage: at once, or as a draft when fields are required first.
   *
   * @param {Kind} kind
   * @param {string} label
   */
  async tag(kind, label) {
    const { passage, place, draft } = this.store;
    if (!passage) return;
    if (draft) return this.toasts.say("Save or discard the unfinished tag first.");
    /** @type {Annotation} */
    const annotation = {
      id: newId(), kind, label, spans: [this.pane.part(passage)], fields: {}, relations: [],
      state: "new", version: 0, published_version: null, decision: null, origin: "",
      author: place.me, updated_at: new Date().toISOString(), deleted: false,
    };
    this.store.setPassage(null);
    if (this.store.rule(kind).fields.some((field) => field.required)) {
      this.store.select(null);
      this.store.setDraft(annotation);
      return;
    }
    this.#tell(await this.create(annotation));
  }

  /**
   * @param {Annotation} annotation
   * @returns {Promise<Outcome>}
   */
  create(annotation) {
    const creation = this.#create(annotation).finally(() => this.creating.delete(annotation.id));
    this.creating.set(annotation.id, creation);
    return creation;
  }

  /**
   * @param {Annotation} annotation
   * @returns {Promise<Outcome>}
   */
  async #create(annotation) {
    this.store.put(annotation);
    this.store.setDraft(null);
    this.store.select(annotation.id);
    try {
      this.store.put(await this.api.create(annotation));
      this.announce(`${this.store.labelTitle(annotation)} tagged.`);
      return { saved: true };
    } catch (error) {
      this.store.remove(annotation.id);
      this.store.setDraft(annotation);
      return outcomeOf(error);
    }
  }

  /**
   * @param {Annotation} annotation
   * @param {Changes} changes
   * @returns {Promise<Outcome>}
   */
  async edit(annotation, changes) {
    const { id } = annotation;
    await this.creating.get(id);
    const version = annotation.version || (this.store.annotations.get(id)?.version ?? 0);
    try {
      this.store.put(await this.api.edit(id, version, changes));
      this.announce("Saved.");
      return { saved: true };
    } catch (error) {
      const outcome = outcomeOf(error);
      if (outcome.saved || !outcome.current) return outcome;
      this.store.put(outcome.current);
      return arrivedBefore(error, changes, outcome.current) ? { saved: true } : outcome;
    }
  }

  /**
   * Put the annotation on these spans, in the order of the text.
   *
   * @param {Annotation} annotation
   * @param {import("./types.js").Part[]} spans
   */
  async respan(annotation, spans) {
    this.store.setPassage(null);
    if (this.store.draft?.id === annotation.id) return this.store.setDraft({ ...annotation, spans });
    this.#tell(await this.edit(annotation, { spans }));
  }

  /**
   * Take the passage in as one more part.
   *
   * @param {Annotation} annotation
   */
  async addPart(annotation) {
    const { passage } = this.store;
    if (!passage) return this.toasts.say("Select the passage to add first.");
    if (overlaps(passage, annotation.spans)) return this.toasts.say("That passage overlaps a part that is there already.");
    const spans = [...annotation.spans, this.pane.part(passage)].sort((a, b) => a.start - b.start);
    await this.respan(annotation, spans);
  }

  /**
   * Put the passage in the place of all parts.
   *
   * @param {Annotation} annotation
   */
  async replaceParts(annotation) {
    const { passage } = this.store;
    if (!passage) return this.toasts.say("Select the new passage first.");
    await this.respan(annotation, [this.pane.part(passage)]);
  }

  /**
   * @param {Annotation} annotation
   * @param {Span} part
   */
  async removePart(annotation, part) {
    await this.respan(annotation, annotation.spans.filter(({ start }) => start !== part.start));
  }

  /**
   * @param {Annotation} annotation
   * @param {string} type
   * @param {string} to
   */
  async relate(annotation, type, to) {
    const links = annotation.relations.map((each) => ({ type: each.type, to: each.to }));
    this.#tell(await this.edit(annotation, { relations: [...links, { type, to }] }));
  }

  /**
   * @param {Annotation} annotation
   * @param {string} id of the relation
   */
  async unrelate(annotation, id) {
    const kept = annotation.relations.filter((each) => each.id !== id);
    this.#tell(await this.edit(annotation, { relations: kept.map(({ type, to }) => ({ type, to })) }));
  }

  /** @param {Annotation} annotation */
  async remove(annotation) {
    await this.creating.get(annotation.id);
    const version = this.store.annotations.get(annotation.id)?.version ?? annotation.version;
    this.store.remove(annotation.id);
    try {
      this.store.put(await this.api.remove(annotation.id, version));
      this.deleted.push(annotation.id);
      this.toasts.say("Deleted.", { action: "Undo", run: () => this.undo(annotation.id) });
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return;
      this.store.put(error instanceof Problem && error.current ? error.current : annotation);
      this.store.select(annotation.id);
      this.#tell(outcomeOf(error));
    }
  }

  /**
   * Bring back what this page deleted last, or this one.
   *
   * @param {string} [id]
   */
  async undo(id = this.deleted[this.deleted.length - 1]) {
    if (!id) return this.toasts.say("There is nothing to undo.");
    this.deleted = this.deleted.filter((each) => each !== id);
    try {
      this.store.put(await this.api.restore(id));
      this.store.select(id);
      this.toasts.say("Brought back.");
    } catch (error) {
      this.deleted.push(id);
      this.#tell(outcomeOf(error));
    }
  }

  /** @param {Annotation[]} annotations */
  async submit(annotations) {
    let sent = 0;
    for (const { id, version } of annotations) {
      try {
        this.store.put(await this.api.submit(id, version));
        sent++;
      } catch (error) {
        this.#tell(outcomeOf(error));
        await this.refresh();
      }
    }
    if (sent > 0) this.toasts.say(sent === 1 ? "Submitted for review." : `${sent} submitted for review.`);
  }

  /**
   * @param {Annotation} annotation
   * @param {Decision["verdict"]} verdict
   * @param {string} note
   * @returns {Promise<Outcome>}
   */
  async decide(annotation, verdict, note) {
    try {
      this.store.put(await this.api.decide(annotation.id, annotation.version, verdict, note));
      this.toasts.say({ approve: "Approved and published.", return: "Returned to its author.", reject: "Rejected." }[verdict]);
      return { saved: true };
    } catch (error) {
      return outcomeOf(error);
    }
  }

  /** Read everything again, for instance after the live stream could not tell what was missed. */
  async refresh() {
    const { annotations } = await this.api.annotations();
    for (const annotation of annotations) this.store.put(annotation);
    const there = new Set(annotations.map(({ id }) => id));
    for (const { id, version } of [...this.store.annotations.values()]) if (version > 0 && !there.has(id)) this.store.remove(id);
  }

  /** @param {Outcome} outcome */
  #tell(outcome) {
    if (!outcome.saved) this.toasts.say(outcome.sentence);
  }
}

/**
 * @param {unknown} error
 * @returns {Outcome}
 */
function outcomeOf(error) {
  if (!(error instanceof Problem)) throw error;
  return { saved: false, sentence: error.message, errors: error.errors, current: error.current };
}

/**
 * Whether an earlier try of this edit reached the server and only its answer was lost.
 *
 * @param {unknown} error
 * @param {Changes} changes
 * @param {Annotation} current
 */
function arrivedBefore(error, changes, current) {
  if (!(error instanceof Problem) || !error.retried) return false;
  /** @type {Record<string, unknown>} */
  const now = { ...current, relations: current.relations.map(({ type, to }) => ({ type, to })) };
  return Object.entries(changes).every(([name, value]) => sorted(now[name]) === sorted(value));
}

/** @param {unknown} value */
function sorted(value) {
  return JSON.stringify(value, (_, each) =>
    each && typeof each === "object" && !Array.isArray(each) ? Object.fromEntries(Object.entries(each).sort()) : each,
  );
}
