// The counts beside the desk's pages in the navigation, brought up to date on a page that stays open.

const PAUSE = 1000; // milliseconds, in which what changes together is gathered
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Ask for the counts anew, soon and once for all that happens until then. */
export function refreshCounts() {
  timer ??= setTimeout(() => {
    timer = undefined;
    refresh();
  }, PAUSE);
}

async function refresh() {
  const navigation = document.querySelector(".desk-nav[data-address]");
  if (!(navigation instanceof HTMLElement)) return;
  const answer = await fetch(navigation.dataset.address ?? "", { redirect: "error" }).catch(() => null);
  if (!answer?.ok) return; // offline or signed out: the next change asks again
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const link of navigation.querySelectorAll("a")) {
    const now = [...fresh.querySelectorAll("a")].find((each) => each.getAttribute("href") === link.getAttribute("href"));
    if (now && now.textContent !== link.textContent) link.replaceChildren(...now.childNodes);
  }
}
