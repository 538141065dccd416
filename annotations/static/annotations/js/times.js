// Times come as UTC text and are written again in the reader's own zone.
/** Made once it is needed: that takes the browser a while. @type {Intl.DateTimeFormat | undefined} */
let format;

/** @param {ParentNode} part */
export function localTimes(part) {
  for (const time of part.querySelectorAll("time[datetime]:not([title])")) {
    const at = new Date(time.getAttribute("datetime") ?? "");
    if (Number.isNaN(at.getTime())) continue;
    format ??= new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
    time.setAttribute("title", time.textContent ?? "");
    time.textContent = format.format(at);
  }
}
