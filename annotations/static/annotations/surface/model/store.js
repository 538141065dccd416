/** @import { Annotation, Counts, Filter, Kind, Part, PageData, Span } from "./types.js" */
/** @import { Person } from "../live/stream.js" */
import { IntervalIndex } from "./interval-index.js";

/**
 * @typedef {"annotations" | "selected" | "held" | "passage" | "draft" | "filter" | "matches" | "linked" | "loaded" | "talk" | "presence"} Topic
 */

/** What the index of places depends on. @type {Set<Topic>} */
const INDEXED = new Set(["annotations", "draft", "filter"]);

/** @type {Filter} */
const EVERYTHING = { state: "", label: "", author: "", talk: "" };

/** Everything the surface knows. Others read it and listen; only the functions here change it. */
export class Store {
  /** @param {PageData} place */
  constructor(place) {
    this.place = place;
    /** @type {Map<string, Annotation>} */
    this.annotations = new Map();
    /** The same by their place in the text. @type {Annotation[]} */
    this.ordered = [];
    /** Whether everything that the server has is in. */
    this.loaded = false;
    /** Ids of what was deleted, with the time, so that late news do not bring it back. @type {Map<string, number>} */
    this.gone = new Map();
    /** @type {string | null} */
    this.selected = null;
    /** What will be tagged. @type {Span | null} */
    this.passage = null;
    /** A tag whose required fields are still to be written. @type {Annotation | null} */
    this.draft = null;
    /** @type {Set<Kind>} */
    this.hidden = new Set();
    /** How much is said about each annotation, if anything. @type {Map<string, Counts>} */
    this.talk = new Map();
    /** Who else reads here, by id. @type {Map<string, Person>} */
    this.presence = new Map();
    /** Beside the kinds; empty ones let everything through. @type {Filter} */
    this.filter = { ...EVERYTHING };
    /** What is searched for in the text, by its place, and which of it one stands at; -1 for none. */
    this.matches = { found: /** @type {Span[]} */ ([]), at: -1 };
    /** The passage that the page's address names. @type {Span | null} */
    this.linked = null;
    /** @type {Map<Topic, Set<() => void>>} */
    this.listeners = new Map();
    /** @type {IntervalIndex | null} */
    this.stab = null;
    /** What the editor did and the server has not acknowledged, put on top of what it says; the outbox sets it. */
    this.overlay = (/** @type {Annotation} */ annotation) => annotation;
  }

  /**
   * @param {Topic[]} topics
   * @param {() => void} listener
   */
  on(topics, listener) {
    for (const topic of topics) {
      const known = this.listeners.get(topic) ?? new Set();
      this.listeners.set(topic, known.add(listener));
    }
  }

  /** The annotation the inspector shows: the unfinished one before the selected one. */
  get current() {
    return this.draft ?? (this.selected ? (this.annotations.get(this.selected) ?? null) : null);
  }

  /** Those that the filters let through by their place in the text, and the unfinished one at the end. */
  get shown() {
    const shown = this.isFiltered ? this.ordered.filter((annotation) => this.isShown(annotation)) : this.ordered;
    return this.draft ? [...shown, this.draft] : shown;
  }

  /** Whether the filters keep something out. */
  get isFiltered() {
    return this.hidden.size > 0 || Object.values(this.filter).some(Boolean);
  }

  /** @param {Annotation} annotation */
  isShown({ id, kind, state, label, author }) {
    const { filter } = this;
    return !this.hidden.has(kind) && (!filter.state || filter.state === state) && (!filter.author || filter.author === author.id)
      && (!filter.label || filter.label === `${kind}/${label}`) && (!filter.talk || (this.talk.get(id)?.open ?? 0) > 0);
  }

  get index() {
    return (this.stab ??= new IntervalIndex(this.shown));
  }

  /**
   * Everything that the server has now. What it does not name goes, unless it never had it.
   *
   * @param {Annotation[]} annotations
   */
  load(annotations) {
    const named = new Set(annotations.map(({ id }) => id));
    const kept = this.ordered.filter(({ id, version }) => version === 0 || named.has(id));
    this.annotations = new Map(kept.map((annotation) => [annotation.id, annotation]));
    const shown = annotations.filter((annotation) => !this.#isOld(annotation)).map((annotation) => this.overlay(annotation));
    for (const annotation of shown) if (!annotation.deleted) this.annotations.set(annotation.id, annotation);
    this.ordered = [...this.annotations.values()].sort(byPlace);
    this.loaded = true;
    this.#say("annotations");
    this.#say("loaded");
    if (this.selected && !this.annotations.has(this.selected)) this.select(null);
  }

  /**
   * Take in what the server says, unless something newer is known.
   *
   * @param {Annotation} annotation
   * @returns {boolean} whether anything changed
   */
  put(annotation) {
    return this.putAll([annotation]) > 0;
  }

  /**
   * Take in many at once; the listeners are told once.
   *
   * @param {Annotation[]} annotations
   * @returns {number} how many changed anything
   */
  putAll(annotations) {
    const changed = annotations.filter((annotation) => this.#take(annotation)).length;
    if (changed > 0) this.#say("annotations");
    if (this.selected && !this.annotations.has(this.selected)) this.select(null);
    return changed;
  }

  /**
   * Show what the editor made of an annotation, whatever the server said last.
   *
   * @param {Annotation} annotation
   */
  show(annotation) {
    if (this.#set(annotation)) this.#say("annotations");
  }

  /**
   * Take away what never reached the server, or what is being deleted there.
   *
   * @param {string} id
   */
  remove(id) {
    if (!this.annotations.has(id)) return;
    this.#drop(id);
    this.#say("annotations");
    if (this.selected === id) this.select(null);
  }

  /**
   * Select an annotation, or none. While a tag is unfinished no other one is selected, and the listeners to "held" say so.
   *
   * @param {string | null} id
   * @returns {boolean} whether it is what is shown now
   */
  select(id) {
    if (this.draft && id !== null && id !== this.draft.id) {
      this.#say("held");
      return false;
    }
    if (this.selected === id) return true;
    this.selected = id;
    this.#say("selected");
    return true;
  }

  /** @param {Span | null} span */
  setPassage(span) {
    if (span === null && this.passage === null) return;
    this.passage = span;
    this.#say("passage");
  }

  /** @param {Map<string, Person>} people */
  setPresence(people) {
    this.presence = people;
    this.#say("presence");
  }

  /** @param {Annotation | null} draft */
  setDraft(draft) {
    if (draft === null && this.draft === null) return;
    if (draft) this.select(null);
    this.draft = draft;
    this.#say("draft");
  }

  /**
   * @param {string} id of an annotation
   * @param {Counts} counts
   */
  setTalk(id, counts) {
    const known = this.talk.get(id) ?? { open: 0, total: 0 };
    if (known.open === counts.open && known.total === counts.total) return;
    this.talk.set(id, counts);
    this.#say("talk");
  }

  /** @param {Kind} kind */
  toggle(kind) {
    if (!this.hidden.delete(kind)) this.hidden.add(kind);
    this.#say("filter");
  }

  /** @param {Partial<Filter>} filter */
  setFilter(filter) {
    this.filter = { ...this.filter, ...filter };
    this.#say("filter");
  }

  /** Show all kinds again, and everything of them. */
  clearFilters() {
    this.hidden.clear();
    this.setFilter(EVERYTHING);
  }

  /**
   * @param {Span[]} found by their place
   * @param {number} at
   */
  setMatches(found, at) {
    this.matches = { found, at };
    this.#say("matches");
  }

  /** @param {Span | null} span */
  setLinked(span) {
    if (span === null && this.linked === null) return;
    this.linked = span;
    this.#say("linked");
  }

  /** @param {Kind} kind */
  rule(kind) {
    const rule = this.place.codebook.kinds.find((each) => each.kind === kind);
    if (!rule) throw new Error(`The codebook has no kind ${kind}.`);
    return rule;
  }

  /** @param {Annotation} annotation */
  labelTitle({ kind, label }) {
    return this.rule(kind).labels.find((each) => each.name === label)?.title ?? label;
  }

  /** @param {Annotation} annotation */
  isMine({ author }) {
    return author.id === this.place.me.id;
  }

  /**
   * @param {Annotation} annotation
   * @returns {boolean} whether anything changed
   */
  #take(annotation) {
    const { id } = annotation;
    const known = this.annotations.get(id);
    if (this.#isOld(annotation)) return false;
    const shown = this.overlay(annotation);
    if (!shown.deleted) return this.#set(shown);
    this.gone.set(id, Date.parse(annotation.updated_at));
    if (known) this.#drop(id);
    return known !== undefined;
  }

  /**
   * @param {Annotation} annotation
   * @returns {boolean} whether anything changed
   */
  #set(annotation) {
    const { id } = annotation;
    const known = this.annotations.get(id);
    this.gone.delete(id);
    if (known && JSON.stringify(known) === JSON.stringify(annotation)) return false;
    if (known) this.#drop(id);
    this.annotations.set(id, annotation);
    this.ordered.splice(placeOf(annotation, this.ordered), 0, annotation);
    return true;
  }

  /**
   * Whether something newer is known.
   *
   * @param {Annotation} annotation
   */
  #isOld({ id, version, updated_at: updated }) {
    const known = this.annotations.get(id);
    const at = Date.parse(updated);
    if (known && known.version > 0 && (known.version > version || Date.parse(known.updated_at) > at)) return true;
    return (this.gone.get(id) ?? 0) > at;
  }

  /** @param {string} id */
  #drop(id) {
    const known = this.annotations.get(id);
    if (!known) return;
    this.annotations.delete(id);
    this.ordered.splice(placeOf(known, this.ordered), 1);
  }

  /** @param {Topic} topic */
  #say(topic) {
    if (INDEXED.has(topic)) this.stab = null;
    for (const listener of this.listeners.get(topic) ?? []) listener();
  }
}

/**
 * The whole length of an annotation's words, shortened for lists.
 *
 * @param {Annotation} annotation
 * @param {number} [limit] code points
 */
export function words({ spans }, limit = 140) {
  return shortened(spans.map(({ exact }) => exact).join(" … "), limit);
}

/** @param {string} text  @param {number} limit code points */
export function shortened(text, limit) {
  const points = [...text];
  return points.length > limit ? `${points.slice(0, limit - 1).join("")}…` : text;
}

/**
 * The words in quotation marks, unless they begin with one: marks are not nested in marks.
 *
 * @param {string} text
 */
export function quoted(text) {
  return /^[\p{Pi}\p{Pf}"'„‚`´]/u.test(text) ? text : `“${text}”`;
}

/**
 * By their place in the text.
 *
 * @param {Annotation} a
 * @param {Annotation} b
 */
function byPlace(a, b) {
  return a.spans[0].start - b.spans[0].start || b.spans[0].end - a.spans[0].end || (a.id < b.id ? -1 : 1);
}

/**
 * Where the annotation stands among these, or would stand.
 *
 * @param {Annotation} annotation
 * @param {Annotation[]} ordered by place
 */
function placeOf(annotation, ordered) {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byPlace(ordered[middle], annotation) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Whether spans share a code point.
 *
 * @param {Span} span
 * @param {Part[]} parts
 */
export function overlaps(span, parts) {
  return parts.some((part) => part.start < span.end && span.start < part.end);
}
