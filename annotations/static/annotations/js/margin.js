// The reading room: each note beside its passage, as far as the notes before it leave room.

const WIDE = "(min-width: 56rem)"; // css/reading.css: two columns
const GAP = 12; // pixels between two notes

/** Keeps notes beside their passages. Without it, and on a narrow screen, they are a list below the text. */
class Margin {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.notes = [...root.querySelectorAll(".reading-note")].flatMap((note) => {
      const passage = document.getElementById(`a-${note.id.slice("n-".length)}`);
      return note instanceof HTMLElement && passage ? [{ note, passage }] : [];
    });
    this.wide = matchMedia(WIDE);
    /** Which note stands exactly beside its passage. */
    this.active = 0;
    root.addEventListener("focusin", ({ target }) => this.#choose(target instanceof Element ? target.closest(".reading-note") : null));
    /** How far the page was scrolled when a passage was chosen: its note comes to the reader. @type {number | null} */
    this.scrolled = null;
    document.addEventListener("click", ({ target }) => (this.scrolled = target instanceof Element && target.closest("a.tagged") ? scrollY : null));
    addEventListener("hashchange", () => this.#follow());
    this.wide.addEventListener("change", () => this.#place());
    new ResizeObserver(() => this.#place()).observe(document.body);
    document.fonts.ready.then(() => this.#place());
    this.#follow();
  }

  /** The address names a passage or a note. */
  #follow() {
    const id = location.hash.slice("#a-".length);
    const note = /^#[an]-/.test(location.hash) ? document.getElementById(`n-${id}`) : null;
    this.#choose(note);
    if (!note || !this.root.classList.contains("beside")) return;
    if (this.scrolled !== null) scrollTo({ top: this.scrolled, behavior: "instant" });
    else if (location.hash.startsWith("#n-")) note.scrollIntoView({ block: "center", behavior: "instant" });
  }

  /** @param {Element | null} note */
  #choose(note) {
    const found = this.notes.findIndex((each) => each.note === note);
    if (found >= 0) this.active = found;
    for (const [place, each] of this.notes.entries()) each.note.classList.toggle("is-active", place === found);
    this.#place();
  }

  #place() {
    const { root, notes } = this;
    root.classList.toggle("beside", this.wide.matches && notes.length > 0);
    if (!root.classList.contains("beside")) {
      root.style.removeProperty("min-block-size");
      for (const { note } of notes) note.style.removeProperty("inset-block-start");
      return;
    }
    const { top } = root.getBoundingClientRect();
    const wanted = notes.map(({ passage }) => passage.getBoundingClientRect().top - top);
    const heights = notes.map(({ note }) => note.offsetHeight + GAP);
    const tops = stacked(wanted, heights, this.active, (root.querySelector("h2")?.offsetHeight ?? 0) + GAP);
    for (const [place, { note }] of notes.entries()) note.style.setProperty("inset-block-start", `${tops[place]}px`);
    root.style.setProperty("min-block-size", `${tops[tops.length - 1] + heights[heights.length - 1]}px`);
  }
}

/**
 * Where notes stand so that none covers another: the active one beside its passage, those before it above, the rest below.
 *
 * @param {number[]} wanted pixels from the top of the column, by note
 * @param {number[]} heights with the gap below
 * @param {number} active
 * @param {number} first the least that the first may have
 */
export function stacked(wanted, heights, active, first) {
  /** @type {number[]} */
  const tops = [];
  for (const [place, top] of wanted.entries()) tops.push(Math.max(top, place === 0 ? first : tops[place - 1] + heights[place - 1]));
  tops[active] = Math.max(first, wanted[active]);
  for (let place = active + 1; place < tops.length; place++) tops[place] = Math.max(wanted[place], tops[place - 1] + heights[place - 1]);
  for (let place = active - 1; place >= 0; place--) tops[place] = Math.min(tops[place], tops[place + 1] - heights[place]);
  const lack = Math.max(0, first - tops[0]);
  return tops.map((top) => top + lack);
}

const notes = /** @type {HTMLElement | null | undefined} */ (globalThis.document?.querySelector(".article-notes"));
if (notes) new Margin(notes);
