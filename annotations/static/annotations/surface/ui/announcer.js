import { h } from "./dom.js";

const HEARD = 5_000; // milliseconds until a sentence has been read out

/**
 * Says what happened to those who hear the page. A sentence stays for a while: one that comes close behind does not
 * take its place.
 *
 * @param {HTMLElement} root a live region
 * @returns {(sentence: string) => void}
 */
export function announcer(root) {
  return (sentence) => {
    const said = h("span", {}, sentence, " ");
    root.append(said);
    setTimeout(() => said.remove(), HEARD);
  };
}
