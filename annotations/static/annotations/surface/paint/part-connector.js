/** @import { Span } from "../model/types.js" */
/** @import { Store } from "../model/store.js" */
/** @import { TextPane } from "../text/text-pane.js" */
import { Layer, layers } from "./layers.js";

const NEAR = 3000; // code points between two parts beyond which a line from one to the other helps nobody

/**
 * Ties the parts of the selected annotation together by a thin line under what stands between them.
 *
 * @param {Store} store
 * @param {TextPane} pane
 */
export function tieParts(store, pane) {
  const tie = () => {
    const gaps = gapsOf(store.current?.spans ?? []).filter(({ start, end }) => start < end && end - start < NEAR);
    if (gaps.length > 0) layers.set("between", new Layer(...gaps.map((gap) => pane.rangeOf(gap))));
    else layers.delete("between");
  };
  store.on(["selected", "annotations", "draft"], tie);
  pane.listeners.push(tie);
}

/** @param {Span[]} spans @returns {Span[]} */
function gapsOf(spans) {
  return spans.slice(1).map(({ start }, place) => ({ start: spans[place].end, end: start }));
}
