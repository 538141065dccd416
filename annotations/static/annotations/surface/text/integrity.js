/** @import { Block, TextPane } from "./text-pane.js" */

/** Why a passage is refused. */
export const OTHER_WORDS = "The page does not show the words of the source here: a translation or a browser extension changes them. Switch it off for this page, then select again.";

const MOST = 3; // repairs of a block in a row, then the other program would win anyway
const CALM = 10_000; // milliseconds after which a block is repaired anew

/**
 * Watches the DOM of the text, which extensions and translations change. Elements around words may stay, since places are
 * counted by the text; where the words become others, the text is put back, and while that fails the page says so.
 */
export class Integrity {
  /**
   * @param {{pane: TextPane, notice: HTMLElement}} parts `notice` is shown while the page says other words than the text
   */
  constructor({ pane, notice }) {
    this.pane = pane;
    this.notice = notice;
    /** Blocks that say other words, though they were repaired. @type {Set<Block>} */
    this.altered = new Set();
    /** How often each was repaired, and when last; the whole text by null. @type {Map<Block | null, {times: number, last: number}>} */
    this.repairs = new Map();
    this.observer = new MutationObserver((records) => this.#changed(records));
    this.observer.observe(pane.root, { childList: true, characterData: true, subtree: true });
    if (!pane.isAssembled || !pane.blocks.every((block) => pane.isIntact(block))) this.#check(pane.blocks);
    this.#tell();
  }

  /** @param {MutationRecord[]} records */
  #changed(records) {
    const found = records.map(({ target }) => this.pane.blockAround(target));
    this.#check(found.includes(null) ? this.pane.blocks : [...new Set(found)].filter((block) => block !== null));
  }

  /** @param {Block[]} blocks */
  #check(blocks) {
    const { pane } = this;
    if (!pane.isAssembled && this.#mayRepair(null)) pane.assemble();
    for (const block of blocks) {
      this.altered.delete(block);
      if (pane.isIntact(block)) continue;
      if (this.#mayRepair(block)) pane.restore(block);
      else this.altered.add(block);
    }
    this.observer.takeRecords(); // of the repairs
    for (const tell of pane.listeners) tell(blocks);
    this.#tell();
  }

  /** @param {Block | null} block */
  #mayRepair(block) {
    const now = performance.now();
    const { times, last } = this.repairs.get(block) ?? { times: 0, last: -Infinity };
    const before = now - last > CALM ? 0 : times;
    if (before < MOST) this.repairs.set(block, { times: before + 1, last: now });
    return before < MOST;
  }

  #tell() {
    const { pane } = this;
    const isTrue = pane.isGenuine && pane.isAssembled && this.altered.size === 0;
    if (this.notice.hidden !== isTrue) this.notice.hidden = isTrue;
    clearTimeout(this.again);
    if (!isTrue && pane.isGenuine) this.again = setTimeout(() => this.#check([...this.altered]), CALM * 1.1);
  }
}
