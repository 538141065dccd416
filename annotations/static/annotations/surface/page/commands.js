/** @import { Annotation, Decision, Kind, Part, Span } from "../model/types.js" */
/** @import { Api } from "../sync/api.js" */
/** @import { History } from "../model/undo-history.js" */
/** @import { Outbox, Order, WriteResult } from "../sync/outbox.js" */
/** @import { Patch, Step } from "../model/undo-steps.js" */
/** @import { Store } from "../model/store.js" */
/** @import { TextPane } from "../text/text-pane.js" */
/** @import { Toasts } from "../ui/toasts.js" */
import { Problem } from "../sync/api.js";
import { newId } from "../model/ids.js";
import { OTHER_WORDS } from "../text/integrity.js";
import { obstacle, ordersOf, reversed } from "../model/undo-steps.js";
import { NEW, SUBMITTED, isFinal } from "../model/states.js";
import { overlaps, quoted, words } from "../model/store.js";

/** What an editor can do: each changes the page at once, goes to the server by the outbox, and can be undone. */
export class Commands {
  /**
   * @param {{store: Store, api: Api, outbox: Outbox, pane: TextPane, toasts: Toasts, announce: (sentence: string) => void,
   *   history: (doing: Pick<History, "obstacle" | "perform">) => History}} parts
   */
  constructor({ store, api, outbox, pane, toasts, announce, history }) {
    this.store = store;
    this.api = api;
    this.outbox = outbox;
    this.pane = pane;
    this.toasts = toasts;
    this.announce = announce;
    this.history = history({ obstacle: (step) => obstacle(step, store), perform: (step, title) => this.#again(step, title) });
  }

  /**
   * Tag the passage: at once, or as a draft when fields are required first. The same tag of the same editor a second
   * time only when they insist: one sentence may make two claims.
   *
   * @param {Kind} kind
   * @param {string} label
   * @param {{twice?: boolean}} [options]
   */
  tag(kind, label, { twice = false } = {}) {
    const { passage, place, draft } = this.store;
    if (!passage) return;
    if (draft) return this.toasts.say("Finish or discard the open tag first.");
    const there = twice ? null : this.#alike(kind, label, passage);
    if (there) {
      const open = () => (this.store.setPassage(null), this.store.select(there.id));
      const again = () => (this.store.setPassage(passage), this.tag(kind, label, { twice: true }));
      return this.toasts.say("You have already tagged this.", { action: "Open it", run: open }, { action: "Tag it again", run: again });
    }
    const spans = this.#parts([passage]);
    if (!spans) return;
    /** @type {Annotation} */
    const annotation = {
      id: newId(), kind, label, spans, fields: {}, relations: [],
      state: NEW, version: 0, published_version: null, decision: null, origin: "",
      author: place.me, updated_at: new Date().toISOString(), deleted: false,
    };
    this.store.setPassage(null);
    if (this.store.rule(kind).fields.some((field) => field.required)) {
      this.store.select(null);
      this.store.setDraft(annotation);
      return;
    }
    this.create(annotation);
  }

  /**
   * A tag by this editor of the same kind and label on just these words that was neither rejected nor withdrawn.
   *
   * @param {Kind} kind
   * @param {string} label
   * @param {Span} passage
   */
  #alike(kind, label, { start, end }) {
    return this.store.ordered.find((each) => each.kind === kind && each.label === label && this.store.isMine(each) && !isFinal(each.state)
      && each.spans.length === 1 && each.spans[0].start === start && each.spans[0].end === end);
  }

  /**
   * @param {Annotation} annotation
   * @returns {Promise<WriteResult>}
   */
  create(annotation) {
    const title = `tag ${named(annotation)}`;
    const outcome = this.#do({ do: "create", annotation }, title);
    this.store.setDraft(null);
    this.store.select(annotation.id);
    this.history.record({ title, undo: [{ do: "delete", id: annotation.id, unless: SUBMITTED }], redo: [{ do: "restore", annotation }] });
    this.announce(`${this.store.labelTitle(annotation)} tagged.`);
    return outcome;
  }

  /**
   * Write the next version.
   *
   * @param {Annotation} annotation as the editor saw it
   * @param {Patch} patch
   * @param {string} [title]
   * @returns {Promise<WriteResult>}
   */
  edit(annotation, patch, title = `change ${named(annotation)}`) {
    const { id } = annotation;
    const from = reversed(annotation, patch);
    const outcome = this.#do({ do: "edit", id, from, to: patch }, title, annotation);
    this.history.record({ title, undo: [{ do: "edit", id, from: patch, to: from }], redo: [{ do: "edit", id, from, to: patch }] });
    return outcome;
  }

  /**
   * Put the annotation on these spans, in the order of the text.
   *
   * @param {Annotation} annotation
   * @param {Span[]} parts
   */
  async respan(annotation, parts) {
    const spans = this.#parts(parts, annotation.spans);
    if (!spans) return;
    this.store.setPassage(null);
    await this.#change(annotation, { spans }, `move ${named(annotation)}`);
  }

  /**
   * Take the passage in as one more part.
   *
   * @param {Annotation} annotation
   */
  async addPart(annotation) {
    const { passage } = this.store;
    if (!passage) return this.toasts.say("Select the passage to add first.");
    if (overlaps(passage, annotation.spans)) return this.toasts.say("That passage overlaps an existing part.");
    await this.respan(annotation, [...annotation.spans, passage].sort((a, b) => a.start - b.start));
  }

  /**
   * Put the passage in the place of all parts.
   *
   * @param {Annotation} annotation
   */
  async replaceParts(annotation) {
    const { passage } = this.store;
    if (!passage) return this.toasts.say("Select the new passage first.");
    await this.respan(annotation, [passage]);
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
    if (links.some((each) => each.type === type && each.to === to)) return this.toasts.say("This relation exists already.");
    await this.#change(annotation, { relations: [...links, { type, to }] }, `relate ${named(annotation)}`);
  }

  /**
   * @param {Annotation} annotation
   * @param {string} id of the relation
   */
  async unrelate(annotation, id) {
    const kept = annotation.relations.filter((each) => each.id !== id);
    await this.#change(annotation, { relations: kept.map(({ type, to }) => ({ type, to })) }, `unlink ${named(annotation)}`);
  }

  /** @param {Annotation} annotation */
  remove(annotation) {
    if (annotation.published_version !== null) return this.toasts.say("Published: a reviewer must withdraw it first.");
    const { id } = annotation;
    const title = `delete ${named(annotation)}`;
    this.#do({ do: "delete", id }, title);
    const deed = this.history.record({ title, undo: [{ do: "restore", annotation }], redo: [{ do: "delete", id }] });
    this.history.tell("Deleted.", deed);
  }

  /** @param {Annotation[]} annotations */
  submit(annotations) {
    if (annotations.length === 0) return;
    const title = annotations.length === 1 ? `submit ${named(annotations[0])}` : `submit ${annotations.length} drafts`;
    const steps = annotations.map(({ id }) => /** @type {Step} */ ({ do: "submit", id }));
    for (const step of steps) this.#do(step, title);
    const undo = annotations.map(({ id }) => /** @type {Step} */ ({ do: "recall", id }));
    this.history.record({ title, undo, redo: steps });
    this.history.tell(annotations.length === 1 ? "Submitted for review." : `${annotations.length} submitted for review.`);
  }

  /** Take a submission back from the review queue. @param {Annotation} annotation */
  recall(annotation) {
    const { id } = annotation;
    const title = `take back ${named(annotation)}`;
    this.#do({ do: "recall", id }, title);
    this.history.record({ title, undo: [{ do: "submit", id }], redo: [{ do: "recall", id }] });
    this.history.tell("Taken back: it is a draft again.");
  }

  /**
   * Unlike the others it shows only once the server has agreed, and it cannot be undone.
   *
   * @param {Annotation} annotation
   * @param {Decision["verdict"]} verdict
   * @param {string} note
   * @returns {Promise<WriteResult>}
   */
  async decide(annotation, verdict, note) {
    const { id, version } = annotation;
    const outcome = await this.outbox.add({
      does: "decide", title: `${verdict} ${named(annotation)}`, method: "POST", path: `${this.api.one(id)}/decisions`,
      annotation: id, base: version, body: { verdict, note },
    });
    if (outcome.saved) this.toasts.say({ approve: "Approved and published.", return: "Returned to its author.", reject: "Rejected." }[verdict]);
    return outcome;
  }

  /**
   * Any other write that must reach the server and is safe to repeat, such as a comment with an id made here.
   * It is not recorded: see `history.record`.
   *
   * @param {Order} order those of the same `chain` go out one after another
   * @returns {Promise<WriteResult>}
   */
  send(order) {
    return this.outbox.add(order);
  }

  /**
   * The same for one who needs the answer.
   *
   * @param {string} title
   * @param {string} method
   * @param {string} path
   * @param {any} [body]
   * @returns {Promise<any>} Raises Problem when the server refuses.
   */
  async deliver(title, method, path, body = {}) {
    const outcome = await this.send({ does: "call", title, method, path, body, chain: title });
    if (!outcome.saved) throw new Problem(422, { detail: outcome.sentence, errors: outcome.errors });
    return outcome.answer;
  }

  /**
   * The spans with the words that the page shows, which the server compares with the text; null when it shows others there.
   *
   * @param {Span[]} spans
   * @param {Part[]} [kept] which were chosen before
   * @returns {Part[] | null}
   */
  #parts(spans, kept = []) {
    const parts = spans.map(({ start, end }) => kept.find((part) => part.start === start && part.end === end) ?? this.pane.shown({ start, end }));
    if (parts.every((part) => part !== null)) return parts;
    this.toasts.say(OTHER_WORDS);
    return null;
  }

  /**
   * @param {Annotation} annotation
   * @param {{spans?: Part[], relations?: {type: string, to: string}[]}} patch
   * @param {string} title
   */
  async #change(annotation, patch, title) {
    const { draft } = this.store;
    if (draft?.id !== annotation.id) return void (await this.edit(annotation, patch, title));
    const relations = patch.relations?.map((link) => ({ id: `${link.type}-${link.to}`, ...link }));
    this.store.setDraft({ ...draft, ...patch, relations: relations ?? draft.relations });
  }

  /**
   * @param {Step} step
   * @param {string} title
   * @param {Annotation} [seen]
   * @returns {Promise<WriteResult>}
   */
  async #do(step, title, seen) {
    const outcomes = ordersOf(step, title, this, seen).map((order) => this.outbox.add(order));
    return (await Promise.all(outcomes)).at(-1) ?? { saved: true, answer: null };
  }

  /**
   * @param {Step} step
   * @param {string} title
   */
  #again(step, title) {
    this.#do(step, title).then((outcome) => {
      if (step.do === "call" && !outcome.saved) this.toasts.say(`${title} did not succeed. ${outcome.sentence}`);
    });
    const id = step.do === "restore" ? step.annotation.id : step.do === "edit" ? step.id : null;
    if (id && !this.store.draft) this.store.select(id);
  }
}

/** @param {Annotation} annotation */
function named(annotation) {
  return quoted(words(annotation, 40));
}
