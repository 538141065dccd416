/** @import { Span } from "../model/types.js" */
/** @import { Direction } from "../select/caret-motion.js" */
/** @import { Store } from "../model/store.js" */
import { standing } from "../panel/review.js";
import { quoted, words } from "../model/store.js";

/** What lies at a place of the text, and the way from one to the next, however they overlap. */
export class AnnotationsHere {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
  }

  /**
   * The ids of what shares text with the place, the shortest part first.
   *
   * @param {Span} place a word or more, or the empty place before a character
   */
  under({ start, end }) {
    const parts = this.store.index.meeting({ start, end: Math.max(end, start + 1) });
    parts.sort((a, b) => a.end - a.start - (b.end - b.start) || a.start - b.start || (a.id < b.id ? -1 : 1));
    return [...new Set(parts.map(({ id }) => id))].filter((id) => this.store.annotations.has(id));
  }

  /**
   * The one after the chosen one; null after the last.
   *
   * @param {Span} place
   * @param {string | null} chosen
   * @param {Direction} direction
   */
  next(place, chosen, direction) {
    const ids = this.under(place);
    const here = ids.indexOf(chosen ?? "");
    return ids[here < 0 && direction < 0 ? -1 : here + direction] ?? null;
  }

  /**
   * The one after the chosen one, and after the last the first again.
   *
   * @param {Span} place
   * @param {string | null} chosen
   */
  around(place, chosen) {
    return this.next(place, chosen, 1) ?? this.under(place)[0] ?? null;
  }

  /**
   * What was chosen there, and which of how many.
   *
   * @param {string | null} id
   * @param {Span} place
   */
  name(id, place) {
    const annotation = this.store.annotations.get(id ?? "");
    if (!annotation) return "Nothing is tagged here.";
    const ids = this.under(place);
    const { kind, spans } = annotation;
    return [
      `${this.store.rule(kind).title} ${this.store.labelTitle(annotation)}`,
      ids.length > 1 && `${ids.indexOf(annotation.id) + 1} of ${ids.length} here`,
      quoted(words(annotation)),
      spans.length > 1 && `in ${spans.length} parts`,
      ...standing(annotation),
    ].filter(Boolean).join(", ");
  }

  /**
   * What lies there, in words.
   *
   * @param {Span} place
   */
  say(place) {
    const titles = this.under(place).flatMap((id) => {
      const annotation = this.store.annotations.get(id);
      return annotation ? [`${this.store.rule(annotation.kind).title} ${this.store.labelTitle(annotation)}`] : [];
    });
    const shown = titles.slice(0, MANY);
    const more = titles.length > MANY ? [`${titles.length - MANY} more`] : [];
    return titles.length > 0 ? `Tagged ${[...shown, ...more].join(", ")}` : "";
  }
}

const MANY = 4; // that are named one by one
