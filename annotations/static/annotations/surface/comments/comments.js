/** @import { Annotation, Comment, Person } from "../model/types.js" */
/** @import { History } from "../model/undo-history.js" */
/** @import { Store } from "../model/store.js" */
/** @import { CommentStore, TalkNews, Thread } from "./comment-store.js" */
/** @import { Toasts } from "../ui/toasts.js" */
import { onShortcuts } from "../../js/keys/keydown.js";
import { isTyping, keyOf } from "../../js/keys/shortcuts.js";
import { localTimes } from "../../js/times/times.js";
import { Composer } from "./composer.js";
import { h } from "../ui/dom.js";
import { quoted, shortened, words } from "../model/store.js";
import { threadsOf } from "./comment-store.js";
import { CommentDrafts } from "./comment-drafts.js";

/** The talk about the selected annotation: threads, replies, and the boxes to write in. */
export class Comments {
  /**
   * @param {{store: Store, talk: CommentStore, toasts: Toasts, history: History, announce: (sentence: string) => void}} parts
   */
  constructor({ store, talk, toasts, history, announce }) {
    this.store = store;
    this.talk = talk;
    this.unsent = new CommentDrafts(store.place.me.id);
    this.toasts = toasts;
    this.history = history;
    this.announce = announce;
    this.annotation = "";
    /** Boxes that are open or hold something, by what they are for. @type {Map<string, Composer>} */
    this.composers = new Map();
    /** @type {Set<string>} */
    this.open = new Set();
    /** The comment that the address asks for. */
    this.wanted = "";
    this.trouble = "";
    this.root = h("section", { className: "comments", "aria-labelledby": "comments-title" });
    talk.on((annotation) => annotation === this.annotation && this.#render());
    onShortcuts(document, ({ target }) => (this.#isHere() && !isTyping(target) && !document.querySelector("dialog[open]") ? { comment: () => this.write() } : null));
    addEventListener("hashchange", () => this.#follow());
    addEventListener("online", () => this.trouble && this.#load());
    this.#follow();
  }

  /**
   * The section for this annotation: always the same element, so that nothing typed is lost.
   *
   * @param {Annotation} annotation
   */
  section({ id, version }) {
    if (version === 0) return null;
    if (id !== this.annotation) {
      this.annotation = id;
      this.trouble = "";
      this.#render();
      this.#load();
    }
    return this.root;
  }

  /**
   * What others say, as it happens.
   *
   * @param {TalkNews} news
   */
  hear(news) {
    this.talk.hear(news);
    const { type, by, comment, annotation } = news;
    if (annotation === this.annotation && !this.talk.said.has(annotation)) this.#load(); // the server is there again
    if (by === this.store.place.me.id || type !== "comment.created") return;
    const about = this.store.annotations.get(annotation);
    this.announce(`${comment.author.name} commented${about ? ` on ${quoted(words(about, 60))}` : ""}: ${shortened(comment.body, 200)}`);
  }

  /** Open the box for a new thread. */
  write() {
    if (!this.#isHere()) return;
    this.open.add(this.#new);
    this.#render();
    this.#composer(this.#new).focus();
  }

  get #new() {
    return `new ${this.annotation}`;
  }

  #isHere() {
    return this.store.place.may.comment && this.root.isConnected && this.store.current?.id === this.annotation;
  }

  async #load() {
    const { annotation } = this;
    this.trouble = "";
    try {
      await this.talk.load(annotation);
    } catch (error) {
      if (annotation !== this.annotation) return;
      this.trouble = error instanceof Error && error.name === "Error" ? error.message : "The comments could not be loaded: the server was not reached.";
      this.#render();
    }
  }

  /** `#a=<annotation>&c=<comment>` in the address leads to the comment. */
  #follow() {
    this.wanted = new URLSearchParams(location.hash.slice(1)).get("c") ?? "";
    if (this.annotation && this.wanted) this.#render();
  }

  #render() {
    const held = this.root.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
    const caret = held instanceof HTMLTextAreaElement ? [held.selectionStart, held.selectionEnd] : null;
    const comments = this.talk.said.get(this.annotation);
    const threads = threadsOf(comments ?? []);
    const open = threads.filter(({ root }) => root.resolved === null);
    const settled = threads.filter(({ root }) => root.resolved !== null);
    this.root.replaceChildren(
      h("h3", { id: "comments-title" }, "Comments", open.length > 0 && h("span", { className: "comment-count" }, ` ${open.length} open`)),
      ...this.#state(comments, threads.length),
      h("ol", { className: "threads", hidden: open.length === 0 }, ...open.map((thread) => this.#thread(thread))),
      ...this.#settled(settled),
      ...this.#opener(this.#new, "comment-new", ["Comment ", h("kbd", {}, keyOf("comment"))]));
    localTimes(this.root);
    if (held) {
      const again = held.isConnected ? held : held.id ? document.getElementById(held.id) : null;
      (again ?? this.root.querySelector("button"))?.focus({ preventScroll: true });
      if (caret && again instanceof HTMLTextAreaElement) again.setSelectionRange(caret[0], caret[1]);
    }
    this.#reveal(comments);
  }

  /**
   * @param {Comment[] | undefined} comments
   * @param {number} count
   */
  #state(comments, count) {
    if (this.trouble) {
      const again = h("button", { type: "button", id: "comments-again", onclick: () => this.#load() }, "Try again");
      return [h("p", { className: "field-error", role: "alert" }, this.trouble), again];
    }
    if (!comments) return [h("p", { className: "field-help" }, "Loading…")];
    return count === 0 && !this.store.place.may.comment ? [h("p", { className: "field-help" }, "No comments yet.")] : [];
  }

  /** @param {Thread[]} threads */
  #settled(threads) {
    if (threads.length === 0) return [];
    const open = this.open.has("settled") || threads.some(({ root, replies }) => [root, ...replies].some(({ id }) => id === this.wanted));
    const title = threads.length === 1 ? "1 resolved thread" : `${threads.length} resolved threads`;
    const details = h("details", { className: "settled", open }, h("summary", {}, title), h("ol", { className: "threads" }, ...threads.map((thread) => this.#thread(thread))));
    details.addEventListener("toggle", () => (details.open ? this.open.add("settled") : this.open.delete("settled")));
    return [details];
  }

  /** @param {Thread} thread */
  #thread({ root, replies }) {
    const answers = replies.map((reply) => h("li", {}, this.#comment(reply)));
    const settled = root.resolved && h("p", { className: "field-help" }, `Resolved by ${root.resolved.by}, `, time(root.resolved.at));
    return h("li", { className: "thread" }, this.#comment(root), answers.length > 0 && h("ol", { className: "replies" }, ...answers), settled,
      ...(root.unsent ? [] : this.#opener(`reply ${root.id}`, `reply-${root.id}`, ["Reply"], this.#settle(root))));
  }

  /** @param {Comment} comment */
  #comment(comment) {
    const { id, author, body, deleted, edited_at: edited, created_at: created, unsent, mentions } = comment;
    if (deleted) return h("p", { className: "field-help", id: `c-${id}` }, "This comment was deleted.");
    const key = `edit ${id}`;
    const head = h("header", {}, h("strong", { dir: "auto" }, author.name), " ",
      unsent ? h("span", { className: "field-help" }, "Saving…") : h("a", { href: this.#address(id), "aria-label": `Link to the comment by ${author.name}` }, time(created)),
      edited && h("span", { className: "field-help" }, " edited"));
    const says = this.open.has(key) ? this.#composer(key).element : h("p", { className: "comment-body", dir: "auto" }, ...marked(body, mentions));
    return h("article", { className: "comment", id: `c-${id}`, tabIndex: -1, "aria-label": `Comment by ${author.name}` }, head, says, ...(unsent ? [] : [this.#tools(comment)]));
  }

  /** @param {Comment} comment */
  #tools(comment) {
    const { may, me } = this.store.place;
    const own = comment.author.id === me.id;
    const button = (/** @type {string} */ title, /** @type {string} */ does, /** @type {() => void} */ onclick) =>
      h("button", { type: "button", className: "quiet-text", id: `${does}-${comment.id}`, onclick }, title);
    return h("div", { className: "comment-tools" },
      may.comment && own && button("Edit", "edit", () => this.#edit(comment)),
      may.comment && (own || may.deleteAnyComment) && button("Delete", "delete", () => this.#remove(comment)),
      navigator.clipboard && button("Copy link", "copy", () => this.#copy(comment)));
  }

  /** @param {Comment} root */
  #settle(root) {
    const { resolved, id } = root;
    return h("button", { type: "button", id: `settle-${id}`, onclick: () => this.#do(this.talk.step(root, resolved ? "reopen" : "resolve"), resolved ? "Reopened." : "Resolved.") }, resolved ? "Reopen" : "Resolve");
  }

  /**
   * The box of this key, or the button that opens it.
   *
   * @param {string} key
   * @param {string} id
   * @param {(Node | string)[]} title
   * @param {HTMLElement | null} [beside]
   * @returns {HTMLElement[]}
   */
  #opener(key, id, title, beside = null) {
    if (!this.store.place.may.comment) return [];
    if (this.open.has(key)) return [this.#composer(key).element];
    const unsent = this.unsent.read(key) !== undefined && h("span", { className: "field-help" }, " · not sent yet");
    const button = h("button", { type: "button", id, onclick: () => (this.open.add(key), this.#render(), this.#composer(key).focus()) }, ...title, unsent);
    return [h("div", { className: "form-buttons" }, button, beside)];
  }

  /** @param {string} key */
  #composer(key) {
    const known = this.composers.get(key);
    if (known) return known;
    const composer = this.#made(key);
    this.composers.set(key, composer);
    return composer;
  }

  /** @param {string} key "new", "reply" or "edit" and an id */
  #made(key) {
    const [does, id] = key.split(" ");
    const { annotation } = this;
    const said = (this.talk.said.get(annotation) ?? []).find((each) => each.id === id);
    const members = () => this.talk.members();
    const onClose = () => this.#close(key, does === "new" ? "comment-new" : `${does}-${id}`);
    const parts = { id: `write-${id}`, members, onClose };
    const sent = (/** @type {Promise<void>} */ sending) => (this.#close(key, does === "new" ? "comment-new" : `${does}-${id}`), sending.catch((error) => (this.open.add(key), this.#render(), Promise.reject(error))));
    const onType = (/** @type {import("./comment-drafts.js").Said} */ typed) => this.unsent.keep(key, typed);
    if (does === "edit" && said) {
      const onSend = (/** @type {string} */ body, /** @type {Person[]} */ people) => sent(this.talk.edit(said, body, idsOf(people)).then(() => void this.composers.delete(key)));
      return new Composer({ ...parts, title: "Edit the comment", send: "Save", onSend, onType, said: this.unsent.read(key) ?? said, onClose: () => (this.composers.delete(key), onClose()) });
    }
    const thread = does === "reply" ? id : null;
    const onSend = (/** @type {string} */ body, /** @type {Person[]} */ people) => sent(this.talk.say(annotation, { body, thread, mentions: idsOf(people) }, people).then(() => this.announce("Comment sent.")));
    return new Composer({ ...parts, onType, said: this.unsent.read(key), title: thread ? "Reply" : "New comment", send: thread ? "Reply" : "Comment", onSend });
  }

  /**
   * @param {string} key
   * @param {string} opener id of the button that opens it
   */
  #close(key, opener) {
    const held = this.composers.get(key)?.element.contains(document.activeElement);
    this.open.delete(key);
    this.#render();
    if (held) document.getElementById(opener)?.focus({ preventScroll: true });
  }

  /** @param {Comment} comment */
  #edit({ id }) {
    const key = `edit ${id}`;
    this.open.add(key);
    this.#render();
    this.#composer(key).focus();
  }

  /** @param {Comment} comment */
  async #remove(comment) {
    if (!(await this.#do(this.talk.remove(comment)))) return;
    const deed = this.history.record({ title: "delete a comment", ...this.talk.removal(comment) });
    this.history.tell("Comment deleted.", deed);
  }

  /** @param {Comment} comment */
  async #copy({ id }) {
    await navigator.clipboard.writeText(location.origin + location.pathname + this.#address(id));
    this.toasts.say("Link copied.");
  }

  /** @param {string} comment */
  #address(comment) {
    return `#a=${this.annotation}&c=${comment}`;
  }

  /**
   * @param {Promise<void>} doing
   * @param {string} [done]
   */
  async #do(doing, done) {
    try {
      await doing;
      if (done) this.announce(done);
      return true;
    } catch (error) {
      this.toasts.say(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  /**
   * Bring the wanted comment into view, once.
   *
   * @param {Comment[] | undefined} comments
   */
  #reveal(comments) {
    if (!this.wanted || !comments) return;
    const id = `c-${this.wanted}`;
    requestAnimationFrame(() => {
      const element = document.getElementById(id);
      if (!element) return;
      this.wanted = "";
      element.scrollIntoView({ block: "center" });
      element.focus({ preventScroll: true });
    });
  }
}

/** @param {Person[]} people */
function idsOf(people) {
  return people.map(({ id }) => id);
}

/** @param {string} at */
function time(at) {
  return h("time", { dateTime: at }, at);
}

/**
 * The words with the names of those who are mentioned set apart.
 *
 * @param {string} body
 * @param {Person[]} mentions
 * @returns {(Node | string)[]}
 */
export function marked(body, mentions) {
  const names = mentions.map(({ name }) => `@${name}`).filter((name) => name !== "@").sort((a, b) => b.length - a.length);
  if (names.length === 0) return [body];
  const any = new RegExp(`(${names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "u");
  return body.split(any).map((part) => (names.includes(part) ? h("span", { className: "mention" }, part) : part));
}

/**
 * How many threads are open, for a line about an annotation; nothing when there are none.
 *
 * @param {number} open
 */
export function talkOf(open) {
  if (open === 0) return [];
  const title = open === 1 ? "open thread" : "open threads";
  return [" ", h("span", { className: "item-talk", title: `${open} ${title}` }, String(open), h("span", { className: "visually-hidden" }, ` ${title}`))];
}
