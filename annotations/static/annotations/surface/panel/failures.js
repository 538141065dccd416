/** @import { Annotation } from "../model/types.js" */
/** @import { Failure, Write } from "../sync/write-queue.js" */
/** @import { Inspector } from "./inspector.js" */
/** @import { Order, Outbox } from "../sync/outbox.js" */
/** @import { Said } from "../model/merge.js" */
/** @import { Store } from "../model/store.js" */
/** @import { Toasts } from "../ui/toasts.js" */
import { isTyping } from "../../js/keys/shortcuts.js";
import { showConflict } from "./conflict.js";
import { showDialog } from "../ui/dialog.js";
import { h } from "../ui/dom.js";
import { changesFrom, differing, merged, saidBy } from "../model/merge.js";
import { chainOf } from "../sync/write-queue.js";

/** @typedef {Write & {failure: Failure}} Refused */

/** What the server refused: told at once, then listed until the editor has decided. */
export class Failures {
  /**
   * @param {{outbox: Outbox, store: Store, inspector: Inspector, toasts: Toasts}} parts
   */
  constructor({ outbox, store, inspector, toasts }) {
    this.outbox = outbox;
    this.store = store;
    this.inspector = inspector;
    this.toasts = toasts;
    outbox.onFailure = (write, isAwaited) => this.#tell(/** @type {Refused} */ (write), isAwaited);
    outbox.onMerge = ({ title }, { author }) => toasts.say(`${author.name} changed another field meanwhile. Both changes are kept: ${title}.`);
  }

  /** All of them in a dialog. */
  list() {
    const items = this.outbox.failures.map((write) => this.#item(/** @type {Refused} */ (write)));
    const dialog = h("dialog", { className: "failures", "aria-labelledby": "failures-title" },
      h("h2", { id: "failures-title", tabIndex: -1, autofocus: true }, items.length === 1 ? "1 could not be saved" : `${items.length} could not be saved`),
      h("ul", {}, ...items),
      h("form", { method: "dialog" }, h("button", {}, "Close")));
    showDialog(dialog);
  }

  /** @param {Refused} write */
  #item(write) {
    const { title, failure, id, source } = write;
    const button = (/** @type {string} */ name, /** @type {() => void} */ run) =>
      h("button", { type: "button", onclick: (/** @type {Event} */ event) => (closeAround(event), run()) }, name);
    const isHere = source === this.outbox.source;
    return h("li", {},
      h("p", { dir: "auto" }, h("strong", {}, capital(title)), ` — ${whyOf(failure)}`),
      h("div", { className: "form-buttons" },
        !isHere && h("a", { href: source }, "Open its source"),
        isHere && isConflict(write) && button("Compare", () => this.#compare(write)),
        isHere && !isConflict(write) && isTyped(write) && button("Edit again", () => this.#editAgain(write)),
        button("Discard", () => this.outbox.discard(id))));
  }

  /**
   * @param {Refused} write
   * @param {boolean} isAwaited
   */
  #tell(write, isAwaited) {
    if (write.does === "call" && isAwaited) return this.outbox.discard(write.id); // its own part of the page tells
    const why = `Not done: ${write.title}. ${whyOf(write.failure)}`;
    if (!isTyped(write) && !isConflict(write)) {
      this.toasts.say(why);
      if (write.does !== "call") this.outbox.discard(write.id); // nothing typed is in it
      return;
    }
    if (write.source !== this.outbox.source || !this.#isFree(write)) return this.toasts.say(why, { action: "Show", run: () => this.list() });
    if (isConflict(write)) this.#compare(write);
    else if (write.does !== "decide") this.#editAgain(write);
  }

  /** Whether it can be shown now without taking the place of something else. @param {Refused} write */
  #isFree({ annotation }) {
    const { current, draft } = this.store;
    if (draft && draft.id !== annotation) return false;
    if (document.hidden || document.querySelector("dialog[open]")) return false;
    return !this.inspector.typed.get(annotation) && (current === null || current.id === annotation || !isTyping(document.activeElement));
  }

  /** Back into the form, with what is wrong beside its field. @param {Refused} write */
  async #editAgain({ id, annotation, chain, does, failure, was }) {
    const wanted = this.outbox.wanted(chain);
    if (!wanted) return this.outbox.discard(id);
    await this.outbox.discard(id);
    if (does === "create") this.store.setDraft(wanted);
    else this.store.select(annotation);
    const base = does === "create" ? wanted : (this.store.annotations.get(annotation) ?? { ...wanted, ...was, relations: wanted.relations });
    this.inspector.offer(base, { label: wanted.label, fields: wanted.fields }, failure);
  }

  /** @param {Refused} write */
  #compare({ chain, failure, was }) {
    const current = /** @type {Annotation} */ (failure.current);
    const wanted = this.outbox.wanted(chain);
    if (!was || !wanted) return;
    const mine = merged(was, saidBy(wanted), saidBy(current));
    const fits = differing(current, mine).every((name) => name === "label" || name.startsWith("fields."));
    showConflict({
      current, was, mine,
      onTheirs: () => this.outbox.replace(chain, null),
      onMine: () => this.outbox.replace(chain, this.#again(chain, current, mine)),
      onEdit: fits ? () => this.#editFirst(chain, current, mine) : null,
    }, this.store);
  }

  /**
   * @param {string} chain
   * @param {Annotation} current
   * @param {Said} mine
   * @returns {Order}
   */
  #again(chain, current, mine) {
    const [{ title, path }] = chainOf(this.outbox.writes, chain);
    return { does: "edit", title, method: "PATCH", path, annotation: current.id, base: current.version, was: saidBy(current), body: changesFrom(saidBy(current), mine) };
  }

  /**
   * @param {string} chain
   * @param {Annotation} current
   * @param {Said} mine
   */
  async #editFirst(chain, current, { label, fields }) {
    await this.outbox.replace(chain, null);
    this.store.select(current.id);
    this.inspector.offer(current, { label, fields }, null);
  }
}

/** @param {Refused} write */
function isConflict({ does, failure }) {
  return does === "edit" && failure.status === 412 && failure.current !== null;
}

/** Whether somebody typed what would be gone. @param {Refused} write */
function isTyped({ does, body }) {
  return does === "create" || does === "edit" || (does === "decide" && body.note !== "");
}

/** @param {Failure} failure */
function whyOf({ status, sentence, errors, current }) {
  if (status === 412 && current) return `${current.author.name} changed it meanwhile.`;
  return Object.values(errors).flat().join(" ") || sentence;
}

/** @param {string} title */
function capital(title) {
  return title.charAt(0).toUpperCase() + title.slice(1);
}

/** @param {Event} event */
function closeAround({ target }) {
  if (target instanceof Element) target.closest("dialog")?.close();
}
