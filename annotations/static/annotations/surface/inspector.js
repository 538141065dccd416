/** @import { Annotation } from "./types.js" */
/** @import { Api } from "./api.js" */
/** @import { Comments } from "./comments.js" */
/** @import { Commands } from "./commands.js" */
/** @import { Values } from "./form.js" */
/** @import { Picker } from "./picker.js" */
/** @import { Store } from "./store.js" */
/** @import { TextPane } from "./text.js" */
import { h } from "./dom.js";
import { AnnotationForm } from "./form.js";
import { passageSection } from "./passage.js";
import { relationsSection } from "./relations.js";
import { reviewSection, stateLine } from "./review.js";

/** What was typed and not saved, and the version it was typed on. @typedef {{base: Annotation, values: Values, notice: string}} Typed */

/** The selected annotation: what it says, and the form to change it. Never drops what was typed. */
export class Inspector {
  /**
   * @param {{root: HTMLElement, store: Store, pane: TextPane, commands: Commands, api: Api, picker: Picker, comments: Comments}} parts
   */
  constructor({ root, store, pane, commands, api, picker, comments }) {
    this.root = root;
    this.store = store;
    this.pane = pane;
    this.commands = commands;
    this.api = api;
    this.picker = picker;
    this.comments = comments;
    /** @type {Map<string, Typed>} */
    this.typed = new Map();
    this.shown = "";
    /** Others hang their sections in below the form. @type {((parts: {annotation: Annotation, editable: boolean, isDraft: boolean}) => HTMLElement | null)[]} */
    this.sections = [];
    store.on(["selected", "draft", "annotations"], () => this.render());
    store.on(["passage"], () => this.root.toggleAttribute("data-has-passage", store.passage !== null));
    addEventListener("beforeunload", (event) => {
      if (this.typed.size > 0 || store.draft || api.open > 0) event.preventDefault();
    });
    this.render();
  }

  render() {
    const annotation = this.store.current;
    const targets = annotation?.relations.map(({ to }) => this.store.annotations.get(to)?.spans[0].exact);
    const now = JSON.stringify([annotation, targets]);
    if (now === this.shown) return;
    const focused = this.root.contains(document.activeElement) ? document.activeElement?.id : "";
    const same = annotation !== null && annotation.id === this.id;
    this.shown = now;
    this.id = annotation?.id;
    if (annotation) this.#rebase(annotation);
    this.root.replaceChildren(...(annotation ? this.#sections(annotation) : this.#nothing()));
    if (annotation && annotation === this.store.draft && !same) this.form?.focus();
    else if (focused) (document.getElementById(focused) ?? this.root).focus({ preventScroll: true });
  }

  /** Save what is typed. */
  async save() {
    const annotation = this.store.current;
    const { form } = this;
    if (!annotation || !form || this.saving || !form.check()) return;
    const values = form.values;
    const { draft } = this.store;
    this.saving = true;
    const base = this.typed.get(annotation.id)?.base ?? annotation;
    if (draft) this.typed.delete(draft.id);
    const outcome = await (draft ? this.commands.create({ ...draft, ...values }) : this.commands.edit(base, values));
    this.saving = false;
    if (outcome.saved) {
      this.typed.delete(annotation.id);
      this.shown = "";
      this.render();
      if (this.store.selected === annotation.id) this.pane.root.focus({ preventScroll: true });
      return;
    }
    if (outcome.current) this.#conflict(outcome.current, values);
    else this.form?.complain(outcome.sentence, outcome.errors);
  }

  /** Put the unfinished tag away, or the selection. */
  leave() {
    const { draft } = this.store;
    if (draft) {
      this.typed.delete(draft.id);
      this.store.setDraft(null);
    } else this.store.select(null);
  }

  /**
   * Somebody saved another version first: keep what was typed, on top of theirs.
   *
   * @param {Annotation} current
   * @param {Values} values
   */
  #conflict(current, values) {
    const theirs = [this.store.labelTitle(current), ...Object.entries(current.fields).map(([name, value]) => `${name}: ${value}`)];
    const notice = `${current.author.name} changed this meanwhile (version ${current.version}: ${theirs.join("; ")}). What you typed is kept; save again to put it in its place.`;
    this.typed.set(current.id, { base: current, values, notice });
    this.shown = "";
    this.render();
  }

  /**
   * What is typed stays good while others change only what this form does not write.
   *
   * @param {Annotation} annotation
   */
  #rebase(annotation) {
    const typed = this.typed.get(annotation.id);
    if (!typed || typed.base.version === annotation.version) return;
    const same = typed.base.label === annotation.label && JSON.stringify(typed.base.fields) === JSON.stringify(annotation.fields);
    if (same) typed.base = annotation;
    else typed.notice = `${annotation.author.name} has just changed this. What you typed is kept; saving will show you both.`;
  }

  #nothing() {
    this.form = null;
    const { may } = this.store.place;
    return [h("p", { className: "inspector-empty" }, may.tag
      ? "Select a passage to tag it, or an annotation to see it here."
      : "Select an annotation to see it here. Readers of this desk do not tag.")];
  }

  /** @param {Annotation} annotation */
  #sections(annotation) {
    const { may } = this.store.place;
    const { store, commands, picker } = this;
    const isDraft = annotation === store.draft;
    const parts = { store, commands, annotation };
    return [
      this.#head(annotation, isDraft),
      passageSection({ ...parts, editable: may.tag }),
      may.tag ? this.#form(annotation, isDraft) : this.#facts(annotation),
      isDraft ? null : relationsSection({ ...parts, picker, editable: may.tag }),
      isDraft ? null : reviewSection(parts),
      ...this.sections.map((section) => section({ annotation, editable: may.tag, isDraft })),
      isDraft ? null : this.comments.section(annotation),
    ].filter((section) => section !== null);
  }

  /**
   * @param {Annotation} annotation
   * @param {boolean} isDraft
   */
  #head(annotation, isDraft) {
    const title = `${this.store.rule(annotation.kind).title}: ${this.store.labelTitle(annotation)}`;
    const close = isDraft ? null : h("button", { type: "button", className: "close", "aria-label": "Close", onclick: () => this.leave() }, "×");
    return h("header", { className: `inspector-head ${annotation.kind}` }, h("h2", {}, isDraft ? `New ${title.toLowerCase()}` : title), close, stateLine(annotation));
  }

  /**
   * @param {Annotation} annotation
   * @param {boolean} isDraft
   */
  #form(annotation, isDraft) {
    const typed = this.typed.get(annotation.id);
    this.form = new AnnotationForm({
      store: this.store,
      api: this.api,
      annotation,
      values: typed?.values ?? annotation,
      onType: (values) => this.#keep(annotation, values),
      onSave: () => this.save(),
    });
    if (typed?.notice) this.form.element.prepend(h("p", { className: "form-notice", role: "alert" }, typed.notice));
    this.form.element.append(this.#buttons(annotation, isDraft));
    return this.form.element;
  }

  /**
   * @param {Annotation} annotation
   * @param {Values} values
   */
  #keep(annotation, values) {
    const typed = this.typed.get(annotation.id);
    if (typed) typed.values = values;
    else this.typed.set(annotation.id, { base: annotation, values, notice: "" });
  }

  /**
   * @param {Annotation} annotation
   * @param {boolean} isDraft
   */
  #buttons(annotation, isDraft) {
    const { may } = this.store.place;
    const isOpen = annotation.state === "draft" || annotation.state === "returned";
    const button = (/** @type {string} */ title, /** @type {() => void} */ onclick, className = "") => h("button", { type: "button", className, onclick }, title);
    return h("div", { className: "form-buttons" },
      h("button", { type: "submit", className: "primary", title: "Ctrl+Enter" }, "Save"),
      isDraft && button("Discard", () => this.leave()),
      !isDraft && isOpen && may.submit && button("Submit", () => this.submit(), "submit"),
      !isDraft && annotation.published_version === null && button("Delete", () => this.commands.remove(annotation), "danger"));
  }

  /** Save what is typed, if anything, and put it into the review queue. */
  async submit() {
    const id = this.store.selected;
    if (!id || this.store.draft) return;
    if (this.typed.has(id)) await this.save();
    const annotation = this.store.annotations.get(id);
    if (!annotation || this.typed.has(id) || (annotation.state !== "draft" && annotation.state !== "returned")) return;
    await this.commands.creating.get(id);
    await this.commands.submit([this.store.annotations.get(id) ?? annotation]);
  }

  /** @param {Annotation} annotation */
  #facts(annotation) {
    this.form = null;
    const rows = this.store.rule(annotation.kind).fields.filter(({ name }) => name in annotation.fields)
      .flatMap(({ name, title }) => [h("dt", {}, title), h("dd", { dir: "auto" }, String(annotation.fields[name]))]);
    return h("dl", { className: "values" }, ...rows);
  }
}
