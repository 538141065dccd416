/** @import { State, News } from "./stream.js" */
import { Stream } from "./stream.js";

/**
 * What a page asks of the worker, by its port; `lock` is the name of a Web Lock that the page holds as long as it lives.
 *
 * @typedef {{join: {url: string, source: string, cursor: number, lock: string}} | {leave: true}} Asked
 * @typedef {{news: News} | {state: State}} Said
 */

/** @type {Map<string, Stream>} */
const streams = new Map();

/** @param {string} url */
function streamOf(url) {
  const stream = streams.get(url) ?? new Stream(url);
  streams.set(url, stream);
  return stream;
}

/** @param {MessagePort} port */
function serve(port) {
  let leave = () => {};
  let isWatched = false;
  port.onmessage = ({ data }) => {
    const asked = /** @type {Asked} */ (data);
    leave();
    leave = () => {};
    if (!("join" in asked)) return;
    const { url, source, cursor, lock } = asked.join;
    leave = streamOf(url).join({ source, cursor, tell: (said) => port.postMessage(said) });
    if (isWatched) return;
    isWatched = true;
    navigator.locks?.request(lock, () => leave()); // given to the worker when the page has died without a word
  };
}

addEventListener("connect", (event) => serve(/** @type {MessageEvent} */ (event).ports[0]));
