/** @import { Find } from "./find.js" */
/** @import { Links } from "./links.js" */
/** @import { Store } from "./store.js" */
import { isTyping } from "./dom.js";

/**
 * The keys that lead through the text: finding, next and before, links.
 *
 * @param {{store: Store, find: Find, links: Links, help: HTMLDialogElement, step: (direction: 1 | -1) => void}} parts
 */
export function listenToWays({ store, find, links, help, step }) {
  /** @type {Record<string, () => void>} */
  const ways = { "/": () => find.open(), n: () => step(1), N: () => step(-1), l: () => links.copy() };

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.defaultPrevented || help.open || event.isComposing || isTyping(target)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const run = key === "Escape" ? putAway() : ways[key];
    if (!run) return;
    event.preventDefault();
    run();
  });

  /** A passage and a linked place are put away first, then the bar. */
  function putAway() {
    if (store.passage || store.draft) return null;
    if (store.linked) return () => store.setLinked(null);
    return find.isOpen ? () => find.close() : null;
  }
}
