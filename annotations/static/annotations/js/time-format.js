// How times are written for the reader.

/** A format of times in language and zone of the person's profile, else of the browser. */
export function timeFormat() {
  const { language, timeZone } = document.documentElement.dataset;
  try {
    return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone });
  } catch {
    return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }); // a zone that this browser lacks
  }
}
