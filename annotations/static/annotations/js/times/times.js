// Times come as text and are written again as the reader would say them: how long ago, and exactly on hover.
import { exactFormat, timeFormat } from "./time-format.js";

const MINUTE = 60_000; // milliseconds
const DAY = 24 * 60 * MINUTE;
const RECENT = 7 * DAY; // older ones are shown by date

/** Made once they are needed: that takes the browser a while. @type {{near: Intl.RelativeTimeFormat, far: Intl.DateTimeFormat, exact: Intl.DateTimeFormat} | undefined} */
let formats;

/** Every time below the part, again each minute. @param {ParentNode} part */
export function localTimes(part) {
  for (const time of part.querySelectorAll("time[datetime]")) write(/** @type {HTMLTimeElement} */ (time));
}

/**
 * @param {string} at ISO 8601
 * @param {number} [now] milliseconds since 1970
 */
export function said(at, now = Date.now()) {
  const then = new Date(at);
  const { near, far } = made();
  const ago = now - then.getTime();
  if (ago < -MINUTE || ago >= RECENT) return far.format(then);
  if (ago < MINUTE) return "just now";
  if (ago < 60 * MINUTE) return near.format(-Math.floor(ago / MINUTE), "minute");
  if (ago < DAY) return near.format(-Math.floor(ago / (60 * MINUTE)), "hour");
  return near.format(-Math.floor(ago / DAY), "day");
}

/** The date and the time to the minute. @param {string} at ISO 8601 */
export function dated(at) {
  return made().far.format(new Date(at));
}

/** The time to the second, with its zone. @param {string} at ISO 8601 */
export function exactly(at) {
  return made().exact.format(new Date(at));
}

/** @param {HTMLTimeElement} time */
function write(time) {
  const at = time.dateTime;
  if (Number.isNaN(Date.parse(at))) return;
  const text = said(at);
  if (time.textContent !== text) time.textContent = text;
  if (!time.title) time.title = exactly(at);
}

function made() {
  return (formats ??= { near: new Intl.RelativeTimeFormat("en", { numeric: "auto" }), far: timeFormat(), exact: exactFormat() });
}

if (globalThis.document) setInterval(() => localTimes(document), MINUTE);
