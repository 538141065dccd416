import { timeFormat } from "../js/time-format.js";

/** Times in the reader's own zone. Made once it is needed: that takes the browser a while. @type {Intl.DateTimeFormat | undefined} */
let format;

/** @param {string} at ISO 8601 */
export function localTime(at) {
  format ??= timeFormat();
  return format.format(new Date(at));
}
