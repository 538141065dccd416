/** @import { Person } from "../model/types.js" */
import { onShortcuts } from "../../js/keys/keydown.js";
import { keyOf } from "../../js/keys/shortcuts.js";
import { Combobox } from "../ui/combobox.js";
import { h } from "../ui/dom.js";
import { foldText } from "../text/search-folding.js";

const MOST_SHOWN = 8;
const LONGEST = 5000; // as the server takes it
const CALL = /(?:^|[\s(“"'])@([^\s@]*(?: [^\s@]*)?)$/u; // a name, up to its second word

/** A box to write a comment in, with the names of members after “@”. Keeps what is typed while it lives. */
export class Composer {
  /**
   * @param {object} parts
   * @param {string} parts.id
   * @param {string} parts.title
   * @param {string} parts.send the button's name
   * @param {() => Promise<Person[]>} parts.members
   * @param {(body: string, mentioned: Person[]) => Promise<void>} parts.onSend fails with what is wrong
   * @param {() => void} parts.onClose
   * @param {(said: {body: string, mentions: Person[]}) => void} [parts.onType]
   * @param {{body: string, mentions: Person[]}} [parts.said] to go on with
   */
  constructor({ id, title, send, members, onSend, onClose, onType = () => {}, said = { body: "", mentions: [] } }) {
    this.members = members;
    this.onType = onType;
    this.onSend = onSend;
    this.onClose = onClose;
    /** Who was chosen from the list. @type {Person[]} */
    this.called = said.mentions;
    this.box = h("textarea", { id, rows: 3, dir: "auto", value: said.body, "aria-describedby": `${id}-error` });
    this.error = h("p", { id: `${id}-error`, className: "field-error", role: "alert", hidden: true });
    this.button = h("button", { type: "submit", className: "primary", title: keyOf("send") }, send);
    const names = new Combobox({ box: this.box, title: "Members", typed: () => this.#call(), search: (typed) => this.#names(typed) });
    this.element = h("form", { className: "composer", noValidate: true },
      h("label", { htmlFor: id }, title), this.box, ...names.elements, this.error,
      h("div", { className: "form-buttons" }, this.button, h("button", { type: "button", onclick: () => this.#leave() }, "Cancel")));
    this.element.addEventListener("submit", (event) => (event.preventDefault(), this.#send()));
    onShortcuts(this.box, () => ({ send: () => this.#send(), leave: () => this.onClose() })); // what is typed stays for the next time
    this.box.addEventListener("input", () => this.#tell());
  }

  /** To its end, ready to go on. */
  focus() {
    this.box.focus({ preventScroll: true });
    this.box.setSelectionRange(this.box.value.length, this.box.value.length);
    this.element.scrollIntoView({ block: "nearest" });
  }

  #tell() {
    this.onType({ body: this.box.value, mentions: this.called });
  }

  #empty() {
    this.box.value = "";
    this.called = [];
    this.#tell();
  }

  #leave() {
    this.#empty();
    this.onClose();
  }

  async #send() {
    const body = this.box.value.trim();
    const points = [...body].length;
    if (this.button.disabled) return;
    if (points === 0 || points > LONGEST) return this.#complain(points === 0 ? "Write something first." : `A comment has at most ${LONGEST} characters; this has ${points}.`);
    this.#complain("");
    this.button.disabled = true;
    const { called } = this;
    this.#empty(); // from here on it is kept by what sends it
    try {
      await this.onSend(body, called.filter(({ name }) => body.includes(`@${name}`)));
    } catch (error) {
      if (this.box.value.trim() === "") {
        this.box.value = body;
        this.called = called;
        this.#tell();
      }
      this.#complain(error instanceof Error ? error.message : String(error));
    } finally {
      this.button.disabled = false;
    }
  }

  /** @param {string} sentence */
  #complain(sentence) {
    this.error.textContent = sentence;
    this.error.hidden = sentence === "";
    if (sentence) this.box.focus();
  }

  /** The name that is being written before the caret; null when there is none. */
  #call() {
    const { value, selectionStart, selectionEnd } = this.box;
    if (selectionStart !== selectionEnd) return null;
    return CALL.exec(value.slice(0, selectionStart))?.[1] ?? null;
  }

  /**
   * @param {string} typed
   * @returns {Promise<import("../ui/combobox.js").Option[]>}
   */
  async #names(typed) {
    const wanted = foldText(typed.trim());
    const found = (await this.members()).filter(({ name }) => foldText(name).split(/\s+/).some((_, place, words) => words.slice(place).join(" ").startsWith(wanted)));
    return found.slice(0, MOST_SHOWN).map((person) => ({
      shows: [h("span", { className: "option-name", dir: "auto" }, person.name)],
      choose: () => this.#write(person, typed.length),
    }));
  }

  /**
   * @param {Person} person
   * @param {number} typed how much of the name is there already
   */
  #write(person, typed) {
    const end = this.box.selectionStart;
    this.box.setRangeText(`${person.name} `, end - typed, end, "end");
    this.called = [...this.called.filter(({ id }) => id !== person.id), person];
    this.#tell();
    this.box.focus();
  }
}
