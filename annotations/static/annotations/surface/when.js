/** Times in the reader's own zone. Made once it is needed: that takes the browser a while. @type {Intl.DateTimeFormat | undefined} */
let format;

/** @param {string} at ISO 8601 */
export function localTime(at) {
  format ??= new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  return format.format(new Date(at));
}
