// Times come as text and are written again in the reader's own language and zone.
import { timeFormat } from "./time-format.js";

/** Made once it is needed: that takes the browser a while. @type {Intl.DateTimeFormat | undefined} */
let format;

/** @param {ParentNode} part */
export function localTimes(part) {
  for (const time of part.querySelectorAll("time[datetime]:not([title])")) {
    const at = new Date(time.getAttribute("datetime") ?? "");
    if (Number.isNaN(at.getTime())) continue;
    format ??= timeFormat();
    time.setAttribute("title", time.textContent ?? "");
    time.textContent = format.format(at);
  }
}
