/** @import { Annotation } from "../model/types.js" */
/** @import { Api } from "../sync/api.js" */
/** @import { Commands } from "../page/commands.js" */
/** @import { Values } from "./form.js" */
/** @import { Failure } from "../sync/write-queue.js" */
/** @import { Picker } from "../ui/picker.js" */
/** @import { Store } from "../model/store.js" */
/** @import { Patch } from "../model/undo-steps.js" */
/** @import { TextPane } from "../text/text-pane.js" */
/** @import { Toasts } from "../ui/toasts.js" */
/** @import { UnsavedValues } from "./unsaved-values.js" */
import { keyOf } from "../../js/keys/shortcuts.js";
import { showConflict } from "./conflict.js";
import { h } from "../ui/dom.js";
import { LinkedAnnotations } from "./linked-annotations.js";
import { AnnotationForm, FORM } from "./form.js";
import { differing, merged, saidBy } from "../model/merge.js";
import { passageSection } from "./passage.js";
import { relationsSection } from "./relations.js";
import { NEW, SUBMITTED, isOpen } from "../model/states.js";
import { decisionBar, reviewSection, stateLine } from "./review.js";
import { isUnsaved, rebased } from "./unsaved-values.js";

/**
 * What a section of the inspector is made from.
 *
 * @typedef {{store: Store, commands: Commands, picker: Picker, annotation: Annotation, isDraft: boolean, editable: boolean, notes: Map<string, string>}} SectionParts
 */

/**
 * The selected annotation: what it says, and the form to change it. Never drops what was typed.
 *
 * Others hang their sections in below the form: `inspector.sections.push((parts) => element or null)`.
 */
export class Inspector {
  /**
   * @param {{root: HTMLElement, store: Store, pane: TextPane, commands: Commands, api: Api, picker: Picker, typed: UnsavedValues, toasts: Toasts}} parts
   */
  constructor({ root, store, pane, commands, api, picker, typed, toasts }) {
    this.root = root;
    this.store = store;
    this.pane = pane;
    this.commands = commands;
    this.api = api;
    this.picker = picker;
    this.typed = typed;
    this.toasts = toasts;
    const elsewhere = new LinkedAnnotations(store.place);
    /** @type {((parts: SectionParts) => HTMLElement | null)[]} */
    this.sections = [(parts) => relationsSection({ ...parts, elsewhere }), ({ isDraft, ...parts }) => (isDraft ? null : reviewSection(parts))];
    /** What was typed into the note boxes of decisions, by annotation. @type {Map<string, string>} */
    this.notes = new Map();
    /** Kinds whose optional fields the editor opened. @type {Set<string>} */
    this.unfolded = new Set();
    /** Says in the head that something typed is not saved. */
    this.mark = h("span", { className: "unsaved-mark", hidden: true }, "Unsaved edit");
    this.shown = "";
    this.isQuiet = false;
    /** @type {string | null} */
    this.drafted = null;
    /** About the unfinished tag, or the one put away last. @type {HTMLElement | null} */
    this.warning = null;
    store.on(["draft"], () => this.#keepDraft());
    store.on(["held"], () => this.#warn());
    store.on(["selected", "draft", "annotations"], () => this.render());
    typed.on(() => this.#showUnsaved());
    store.on(["passage"], () => this.root.toggleAttribute("data-has-passage", store.passage !== null));
    this.render();
  }

  /** Offer what an earlier page left unsaved, in its place. */
  async open() {
    const left = await this.typed.open();
    const draft = left.find(({ isDraft }) => isDraft);
    this.isQuiet = true; // nobody asked for the focus to go there
    if (draft && !this.store.draft) this.store.setDraft(draft.base);
    this.isQuiet = false;
    this.#renew();
    if (left.length === 0) return;
    const edited = left.find(({ isDraft }) => !isDraft);
    const show = { action: "Show", run: () => this.store.select(edited?.base.id ?? null) };
    const toast = this.toasts.show("Unsaved changes restored.", edited && !draft ? show : undefined);
    this.typed.on(() => left.some(({ base }) => this.typed.unsaved.has(base.id)) || toast.remove());
  }

  /**
   * Put values into the form again that could not be saved, with what was wrong.
   *
   * @param {Annotation} base
   * @param {Values} values
   * @param {Failure | null} failure
   */
  offer(base, values, failure) {
    this.typed.keep({ base, values, notice: "", isDraft: base.id === this.store.draft?.id });
    this.#renew();
    if (failure) this.form?.complain(failure.sentence, failure.errors);
    else this.form?.focus();
  }

  render() {
    const annotation = this.store.current;
    const targets = annotation?.relations.map(({ to }) => this.store.annotations.get(to)?.spans[0].exact);
    const now = JSON.stringify([annotation, targets]);
    if (now === this.shown) return;
    const same = annotation !== null && annotation.id === this.id;
    const focused = focusIn(this.root);
    this.shown = now;
    this.id = annotation?.id;
    this.#showUnsaved();
    if (annotation) this.#rebase(annotation);
    this.root.replaceChildren(...(annotation ? this.#sections(annotation) : this.#nothing()));
    if (annotation && annotation === this.store.draft && !same && !this.isQuiet) this.form?.focus();
    else if (focused) focused();
  }

  /** Save what is typed: it shows at once, and is on its way. */
  save() {
    const annotation = this.store.current;
    const { form } = this;
    if (!annotation || !form?.check()) return;
    const { values } = form;
    const { draft } = this.store;
    const base = this.typed.get(annotation.id)?.base ?? annotation;
    if (draft) this.commands.create({ ...draft, ...values });
    else if (differing(saidBy(base), { ...saidBy(base), ...values }).length > 0) this.commands.edit(base, patchOf(base, values));
    this.typed.forget(annotation.id);
    this.#renew();
    this.pane.root.focus({ preventScroll: true });
  }

  /** Put the unfinished tag away, or the selection. */
  leave() {
    if (this.store.draft) this.#discard(this.store.draft);
    else this.store.select(null);
  }

  /** Put an unfinished tag away that holds something typed: only if this is said to do so already. */
  leaveTyped() {
    if (this.warning?.isConnected) this.leave();
    else this.#warn("Press Escape again to discard it.");
  }

  /** @param {string} [more] */
  #warn(more = "") {
    const { draft } = this.store;
    if (!draft) return;
    this.warning?.remove();
    this.warning = this.toasts.show(`Finish or discard the new ${this.#kind(draft)} first. ${more}`.trim(), { action: "Discard", run: () => this.leave() });
  }

  /** @param {Annotation} draft */
  #discard(draft) {
    const typed = this.typed.get(draft.id);
    this.store.setDraft(null);
    this.warning = this.toasts.show(`New ${this.#kind(draft)} discarded.`, { action: "Undo", run: () => {
      if (this.store.draft) return this.#warn();
      if (typed) this.typed.keep(typed);
      this.store.setDraft(draft);
    } });
  }

  /** @param {Annotation} annotation */
  #kind({ kind }) {
    return this.store.rule(kind).title.toLocaleLowerCase();
  }

  /** Whether what it shows holds something typed that is not saved. */
  get isTypedInto() {
    const typed = this.typed.get(this.store.current?.id ?? "");
    return typed !== undefined && isUnsaved({ ...typed, isDraft: false });
  }

  #showUnsaved() {
    const { current } = this.store;
    this.mark.hidden = current === null || !this.typed.unsaved.has(current.id);
  }

  #renew() {
    this.shown = "";
    this.render();
  }

  /** An unfinished tag outlives the page. */
  #keepDraft() {
    const { draft } = this.store;
    if (this.drafted && this.drafted !== draft?.id) this.typed.forget(this.drafted);
    if (this.drafted !== (draft?.id ?? null)) this.warning?.remove();
    this.drafted = draft?.id ?? null;
    if (draft) this.typed.keep({ notice: "", values: draft, ...this.typed.get(draft.id), base: draft, isDraft: true });
  }

  /**
   * What is typed stays, on top of what somebody else saved meanwhile.
   *
   * @param {Annotation} annotation
   */
  #rebase(annotation) {
    const typed = this.typed.get(annotation.id);
    if (!typed || typed.isDraft || typed.base.version === annotation.version) return;
    const taken = differing(saidBy(typed.base), annotation).some((name) => name.startsWith("fields."));
    const both = rebased(typed, annotation);
    const who = annotation.author.name;
    if (both) this.typed.keep({ ...both, notice: taken ? `${who} changed another field meanwhile: it is taken in here.` : "" });
    else this.typed.keep({ ...typed, notice: `${who} changed it meanwhile. What you typed is kept.` });
  }

  /** Theirs and mine side by side. @param {Annotation} current */
  #compare(current) {
    const typed = this.typed.get(current.id);
    if (!typed) return;
    const was = saidBy(typed.base);
    const mine = merged(was, { ...was, ...typed.values }, saidBy(current));
    const onTop = () => {
      this.typed.keep({ base: current, values: { label: mine.label, fields: mine.fields }, notice: "", isDraft: false });
      this.#renew();
    };
    showConflict({
      current, was, mine,
      onTheirs: () => (this.typed.forget(current.id), this.#renew()),
      onMine: () => (onTop(), this.save()),
      onEdit: () => (onTop(), this.form?.focus()),
    }, this.store);
  }

  #nothing() {
    this.form = null;
    const { may } = this.store.place;
    return [h("p", { className: "inspector-empty" }, may.tag
      ? "Select a passage to tag it, or a tag to see its details here."
      : "Select a tag to see its details here. Readers of this desk cannot tag.")];
  }

  /** @param {Annotation} annotation */
  #sections(annotation) {
    const { store, commands, picker } = this;
    const editable = store.place.may.tag;
    const isDraft = annotation === store.draft;
    const parts = { store, commands, picker, annotation, isDraft, editable, notes: this.notes };
    return [
      this.#head(annotation, isDraft),
      passageSection(parts),
      editable ? this.#form(annotation) : this.#facts(annotation),
      this.#foot(parts),
      ...this.sections.map((section) => section(parts)),
    ].filter((section) => section !== null);
  }

  /**
   * @param {Annotation} annotation
   * @param {boolean} isDraft
   */
  #head(annotation, isDraft) {
    const title = `${this.store.rule(annotation.kind).title}: ${this.store.labelTitle(annotation)}`;
    const link = h("button", { type: "button", className: "quiet", title: "Copy link (l)", "aria-label": "Copy link", "data-copy-link": "annotation" }, "#");
    const close = h("span", {}, isDraft ? null : link, h("button", { type: "button", className: "close", "aria-label": "Close", onclick: () => this.leave() }, "×"));
    return h("header", { className: `inspector-head ${annotation.kind}` }, h("h2", {}, isDraft ? `New ${title.toLowerCase()}` : title), close, this.mark, stateLine(annotation));
  }

  /** @param {Annotation} annotation */
  #form(annotation) {
    const typed = this.typed.get(annotation.id);
    this.form = new AnnotationForm({
      store: this.store,
      api: this.api,
      annotation,
      values: typed?.values ?? annotation,
      unfolded: this.unfolded,
      onType: (values) => this.#keep(annotation, values),
      onSave: () => this.save(),
    });
    if (annotation.published_version !== null) this.form.element.append(this.#withdrawFirst(annotation));
    if (typed?.notice) this.form.element.prepend(this.#notice(typed.notice, annotation));
    return this.form.element;
  }

  /**
   * @param {string} notice
   * @param {Annotation} annotation
   */
  #notice(notice, annotation) {
    const differs = this.typed.get(annotation.id)?.base.version !== annotation.version;
    return h("div", { className: "form-notice", role: "alert" }, h("p", {}, notice),
      differs && h("button", { type: "button", id: "compare", onclick: () => this.#compare(annotation) }, "Compare"));
  }

  /**
   * @param {Annotation} annotation
   * @param {Values} values
   */
  #keep(annotation, values) {
    const isDraft = annotation.id === this.store.draft?.id;
    const { base, notice } = this.typed.get(annotation.id) ?? { base: annotation, notice: "" };
    this.typed.keep({ base: isDraft ? annotation : base, values, notice, isDraft });
  }

  /** What can be done with it, always in sight. @param {SectionParts} parts */
  #foot(parts) {
    const decision = parts.isDraft ? null : decisionBar(parts);
    const buttons = parts.editable ? this.#buttons(parts, decision === null ? "primary" : "") : null;
    return decision || buttons ? h("footer", { className: "inspector-foot" }, decision, buttons) : null;
  }

  /**
   * @param {SectionParts} parts
   * @param {string} rank of the button that saves, beside those that decide
   */
  #buttons({ annotation, isDraft }, rank) {
    const { may } = this.store.place;
    const mayDelete = may.deleteAny || this.store.isMine(annotation) || annotation.version > 1;
    const button = (/** @type {string} */ title, /** @type {() => void} */ onclick, className = "") => h("button", { type: "button", className, onclick }, title);
    return h("div", { className: "form-buttons" },
      h("button", { type: "submit", form: FORM, className: rank, title: keyOf("send") }, "Save"),
      isDraft && button("Discard", () => this.leave()),
      !isDraft && isOpen(annotation.state) && may.submit && button("Submit", () => this.submit(), "submit"),
      !isDraft && annotation.state === SUBMITTED && this.store.isMine(annotation) && may.submit && button("Take back", () => this.commands.recall(annotation)),
      !isDraft && mayDelete && annotation.published_version === null && button("Delete", () => this.commands.remove(annotation), "danger"));
  }

  /** @param {Annotation} annotation */
  #withdrawFirst({ id }) {
    const { may, urls } = this.store.place;
    const way = may.decide ? h("a", { href: `${urls.review}${id}/` }, "withdraw it first") : "a reviewer must withdraw it first";
    return h("p", { className: "field-help" }, "Published. To delete it, ", way, ".");
  }

  /** Save what is typed, if anything, and put it into the review queue. */
  submit() {
    const id = this.store.selected;
    if (!id || this.store.draft) return;
    if (this.typed.get(id)) this.save();
    const annotation = this.store.annotations.get(id);
    if (!annotation || this.typed.get(id) || !(annotation.state === NEW || isOpen(annotation.state))) return;
    this.commands.submit([annotation]);
  }

  /** @param {Annotation} annotation */
  #facts(annotation) {
    this.form = null;
    const rows = this.store.rule(annotation.kind).fields.filter(({ name }) => name in annotation.fields)
      .flatMap(({ name, title }) => [h("dt", {}, title), h("dd", { dir: "auto" }, String(annotation.fields[name]))]);
    return h("dl", { className: "values" }, ...rows);
  }
}

/**
 * @param {Annotation} base
 * @param {Values} values
 * @returns {Patch} what they change
 */
function patchOf(base, { label, fields }) {
  const names = differing(saidBy(base), { ...saidBy(base), label, fields });
  const changed = names.filter((name) => name !== "label").map((name) => name.slice("fields.".length));
  return {
    ...(names.includes("label") && { label }),
    ...(changed.length > 0 && { fields: Object.fromEntries(changed.map((name) => [name, fields[name] ?? null])) }),
  };
}

/**
 * How to put the focus back, and the place in what is typed, after the content was made anew.
 *
 * @param {HTMLElement} root
 * @returns {(() => void) | null}
 */
function focusIn(root) {
  const element = document.activeElement;
  if (!element || !root.contains(element)) return null;
  const typed = isText(element) ? { value: element.value, range: /** @type {const} */ ([element.selectionStart, element.selectionEnd]) } : null;
  return () => {
    const again = document.getElementById(element.id) ?? root;
    again.focus({ preventScroll: true });
    if (!typed || !isText(again)) return;
    if (again.value === typed.value.trim()) again.value = typed.value; // a space after the last word, which the next one needs
    again.setSelectionRange(...typed.range);
  };
}

/**
 * @param {Element} element
 * @returns {element is HTMLInputElement | HTMLTextAreaElement}
 */
function isText(element) {
  return element instanceof HTMLTextAreaElement || (element instanceof HTMLInputElement && element.type === "text");
}
