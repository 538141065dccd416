/** @import { Annotation } from "../model/types.js" */
/** @import { Said } from "../model/merge.js" */

/**
 * The order in which writes go out, without storage or network: every function takes the writes that wait
 * and says what becomes of them. Writes of one chain go one after another, chains beside each other.
 *
 * @typedef {object} Write Something an editor did, on its way to the server.
 * @property {string} id a UUIDv7: the order of writes
 * @property {string} user who did it; never sent as somebody else
 * @property {{id: string, name: string}} author the same, for people
 * @property {string} desk address of its work API
 * @property {string} source address of the page
 * @property {string} annotation its id, or ""
 * @property {string} chain
 * @property {"create" | "edit" | "delete" | "restore" | "submit" | "recall" | "decide" | "call"} does
 * @property {string} title for people, such as “Tag “Ankara””
 * @property {string} method
 * @property {string} path
 * @property {Record<string, any>} body
 * @property {number | null} base the version it changes; null for that of the write before it
 * @property {Said | null} was what the editor saw before
 * @property {Annotation | null} shown how it looks until the server answers
 * @property {number} tries
 * @property {Failure | null} failure why the server refused; its chain waits until the editor decides
 *
 * @typedef {{status: number, sentence: string, errors: Record<string, string[]>, current: Annotation | null}} Failure
 * @typedef {{put: Write[], remove: string[]}} Change
 *
 * @typedef {{is: "done", version: number | null}
 *   | {is: "rebased", base: number, body: Record<string, any>}
 *   | {is: "failed", failure: Failure}} Outcome
 */

/** @type {Change} */
export const NOTHING = { put: [], remove: [] };
const NEEDS_VERSION = new Set(["edit", "delete", "submit", "recall", "decide"]);

/**
 * @param {Write[]} writes
 * @param {Change} change
 * @returns {Write[]} in order
 */
export function applied(writes, { put, remove }) {
  const gone = new Set([...remove, ...put.map(({ id }) => id)]);
  return inOrder([...writes.filter(({ id }) => !gone.has(id)), ...put]);
}

/** @param {Write[]} writes */
export function inOrder(writes) {
  return [...writes].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * One more write. The deletion of what was never sent takes all of it back instead. Beside a chain that was refused
 * it goes its own way: it was made on what the server said.
 *
 * @param {Write[]} writes
 * @param {Write} write
 * @returns {Change}
 */
export function added(writes, write) {
  const before = chainOf(writes, write.chain);
  if (before.length === 0) return { put: [write], remove: [] };
  if (before[0].failure) return { put: [{ ...write, chain: write.id }], remove: [] };
  if (write.does === "delete" && before[0].does === "create" && before.every(({ tries }) => tries === 0)) {
    return { put: [], remove: before.map(({ id }) => id) };
  }
  return { put: [NEEDS_VERSION.has(write.does) ? { ...write, base: null } : write], remove: [] };
}

/**
 * The writes that may go out now: the first of each chain, if what it links to is on the server.
 *
 * @param {Write[]} writes in order
 * @param {ReadonlySet<string>} busy chains that are being sent
 */
export function sendable(writes, busy) {
  const creating = new Set(writes.filter(({ does }) => does === "create").map(({ annotation }) => annotation));
  const seen = new Set(busy);
  return writes.filter(({ chain, failure, body }) => {
    if (seen.has(chain)) return false;
    seen.add(chain);
    const links = /** @type {{to: string}[]} */ (body.relations ?? []);
    return failure === null && !links.some(({ to }) => to !== chain && creating.has(to));
  });
}

/**
 * It goes out for the first time: from now on the server may have it.
 *
 * @param {Write[]} writes
 * @param {string} id
 * @returns {Change}
 */
export function started(writes, id) {
  const write = writes.find((each) => each.id === id);
  return write && write.tries === 0 ? { put: [{ ...write, tries: 1 }], remove: [] } : NOTHING;
}

/**
 * @param {Write[]} writes
 * @param {string} id
 * @param {Outcome} verdict
 * @returns {Change}
 */
export function settled(writes, id, verdict) {
  const write = writes.find((each) => each.id === id);
  if (!write) return NOTHING;
  if (verdict.is === "failed") return { put: [{ ...write, failure: verdict.failure }], remove: [] };
  if (verdict.is === "rebased") return { put: [{ ...write, base: verdict.base, body: verdict.body }], remove: [] };
  const [next] = chainOf(writes, write.chain).filter((each) => each.id > id);
  const passed = next && NEEDS_VERSION.has(next.does) && verdict.version !== null;
  return { put: passed ? [{ ...next, base: verdict.version }] : [], remove: [id] };
}

/**
 * Give up a write that was refused; what hung on a creation goes with it.
 *
 * @param {Write[]} writes
 * @param {string} id
 * @returns {Change}
 */
export function discarded(writes, id) {
  const write = writes.find((each) => each.id === id);
  if (!write) return NOTHING;
  if (write.does === "create") return { put: [], remove: chainOf(writes, write.chain).map((each) => each.id) };
  return settled(writes, id, { is: "done", version: write.failure?.current?.version ?? write.base });
}

/**
 * Let a chain go, and one write in its place.
 *
 * @param {Write[]} writes
 * @param {string} chain
 * @param {Write | null} instead
 * @returns {Change}
 */
export function replaced(writes, chain, instead) {
  return { put: instead ? [instead] : [], remove: chainOf(writes, chain).map(({ id }) => id) };
}

/**
 * @param {Write[]} writes in order
 * @param {string} chain
 */
export function chainOf(writes, chain) {
  return writes.filter((each) => each.chain === chain);
}
