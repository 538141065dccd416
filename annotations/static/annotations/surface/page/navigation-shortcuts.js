/** @import { Find } from "./find.js" */
/** @import { Links } from "./links.js" */
/** @import { Store } from "../model/store.js" */

/**
 * The keys that lead through the text: finding, next and before, links; asked for at each key.
 *
 * @param {{store: Store, find: Find, links: Links, step: (direction: 1 | -1) => void}} parts
 * @returns {() => Record<string, () => void>} by the names of the shortcuts
 */
export function navigationShortcuts({ store, find, links, step }) {
  const ways = { find: () => find.open(), next: () => step(1), previous: () => step(-1), link: () => links.copy() };
  return () => {
    const leave = putAway();
    return leave ? { ...ways, leave } : ways;
  };

  /** A passage and a linked place are put away first, then the bar. */
  function putAway() {
    if (store.passage || store.draft) return null;
    if (store.linked) return () => store.setLinked(null);
    return find.isOpen ? () => find.close() : null;
  }
}
