/** @import { Annotation, Span } from "../model/types.js" */
/** @import { Store } from "../model/store.js" */
/** @import { TextPane } from "../text/text-pane.js" */
/** @import { Toasts } from "../ui/toasts.js" */
import { addressOf, placeOf } from "./address.js";
import { afterPaint } from "../ui/scheduling.js";

const BLINK = 180; // milliseconds that a passage one is led to goes dark

/** The page's address leads to an annotation or a passage and follows the selection; addresses to copy. */
export class Links {
  /**
   * @param {{store: Store, pane: TextPane, toasts: Toasts, reveal: (id: string) => void, standOn: (span: Span) => void}} parts
   */
  constructor({ store, pane, toasts, reveal, standOn }) {
    this.store = store;
    this.pane = pane;
    this.toasts = toasts;
    this.reveal = reveal;
    this.standOn = standOn;
    /** Whether the next address is a step that the browser's way back undoes. */
    this.leavesTrace = false;
    pane.root.addEventListener("pointerdown", () => store.setLinked(null));
    document.addEventListener("click", ({ target }) => {
      const of = target instanceof Element && target.closest("[data-copy-link]")?.getAttribute("data-copy-link");
      if (of) this.copy(of === "passage");
    });
  }

  /** Go where the address leads, now and whenever it changes. */
  follow() {
    addEventListener("popstate", () => this.#go());
    if (location.hash) this.#go();
    this.store.on(["selected"], afterPaint(() => this.#write())); // the browser lays out for it
  }

  /** Let the browser's way back lead to what is shown now, once something else is selected. */
  leaveTrace() {
    this.#write(); // of an earlier selection
    this.leavesTrace = true;
  }

  /**
   * Copy the address of the passage, or of the selected annotation.
   *
   * @param {boolean} [passage] and of nothing else
   */
  async copy(passage = this.store.passage !== null) {
    const span = passage ? this.store.passage : this.store.current?.spans[0];
    const id = passage ? undefined : this.store.selected ?? undefined;
    if (!span || (!passage && !id)) return this.toasts.say("Select a passage or an annotation first.");
    const address = addressOf(span, this.pane, id);
    try {
      await navigator.clipboard.writeText(address);
      this.toasts.say(passage ? "Link to the passage copied." : "Link to the annotation copied.");
    } catch {
      this.toasts.say(`The browser does not let this page copy: ${address}`);
    }
  }

  #go() {
    const place = placeOf(location.hash, this.pane);
    this.leavesTrace = false;
    this.store.setLinked(null);
    if (!place) return location.hash ? undefined : this.store.select(null);
    if ("annotation" in place) return this.reveal(place.annotation);
    this.store.select(null);
    this.standOn(place.span);
    this.pane.reveal(place.span);
    this.#show(place.span);
  }

  /** @param {Span} span */
  #show(span) {
    this.store.setLinked(span);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const blink = (/** @type {Span | null} */ from, /** @type {Span | null} */ to) => this.store.linked === from && this.store.setLinked(to);
    setTimeout(() => blink(span, null), 2 * BLINK);
    setTimeout(() => blink(null, span), 3 * BLINK);
  }

  #write() {
    const { selected } = this.store;
    const place = placeOf(location.hash, this.pane);
    const leads = place && "annotation" in place ? place.annotation : null;
    if (leads === selected) return;
    const address = location.pathname + location.search + (selected ? `#a=${selected}` : "");
    if (this.leavesTrace) history.pushState(null, "", address);
    else history.replaceState(history.state, "", address);
    this.leavesTrace = false;
  }
}
