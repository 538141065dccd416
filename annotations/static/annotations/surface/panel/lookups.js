/** @import { Annotation, Kind } from "../model/types.js" */

/**
 * What the desk has, looked up as one types. `work` is the address of the desk's work API.
 *
 * @typedef {{id: string, name: string, type: string, aliases: string[], wikidata: string | null}} Entity A record of the register.
 * @typedef {Annotation & {source: string, source_title: string}} Found An annotation of any source.
 */

const MOST_NAMED = 100; // in one request

/**
 * Records of the register whose name or alias has these letters.
 *
 * @param {string} work
 * @param {string} q
 * @param {AbortSignal} signal
 * @returns {Promise<Entity[]>}
 */
export function recordsLike(work, q, signal) {
  return read(`${work}/entities?${new URLSearchParams({ q })}`, signal);
}

/**
 * @param {string} work
 * @param {string} id
 * @returns {Promise<Entity | undefined>}
 */
export async function recordOf(work, id) {
  return (await read(`${work}/entities?${new URLSearchParams({ ids: id })}`))[0];
}

/**
 * Annotations of other sources with words that begin so.
 *
 * @param {string} work
 * @param {{q: string, kinds: Kind[], exclude: string}} wanted `exclude` is the id of this source
 * @param {AbortSignal} signal
 * @returns {Promise<Found[]>}
 */
export function annotationsLike(work, { q, kinds, exclude }, signal) {
  return read(`${work}/annotations?${new URLSearchParams({ q, kind: kinds.join(","), exclude })}`, signal);
}

/**
 * @param {string} work
 * @param {string[]} ids
 * @returns {Promise<Found[]>}
 */
export function annotationsNamed(work, ids) {
  return read(`${work}/annotations?${new URLSearchParams({ ids: ids.slice(0, MOST_NAMED).join(",") })}`);
}

/**
 * @param {string} url
 * @param {AbortSignal} [signal]
 */
async function read(url, signal) {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response.json();
}
