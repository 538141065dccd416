// How times are written for the reader.

/** A format of times in language and zone of the person's profile, else of the browser. */
export function timeFormat() {
  return format({ dateStyle: "medium", timeStyle: "short" });
}

/** The same to the second, with the zone. */
export function exactFormat() {
  return format({ dateStyle: "full", timeStyle: "long" });
}

/** @param {Intl.DateTimeFormatOptions} options */
function format(options) {
  const { language, timeZone } = globalThis.document?.documentElement.dataset ?? {};
  try {
    return new Intl.DateTimeFormat(language, { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat(undefined, options); // a zone that this browser lacks
  }
}
