// Work that is done leads on by itself; the page that waited for it leaves no trace in the history.

/** @param {ParentNode} part */
export function goOn(part) {
  const link = part.querySelector("a[data-go]");
  if (link instanceof HTMLAnchorElement) location.replace(link.href);
}
