// Runs in the head, before anything is painted, so that a chosen theme or size of the text never flashes.
(() => {
  try {
    // A page for a person who is signed in has the theme of their profile; others remember it.
    const page = document.documentElement.dataset;
    if (page.account && !sessionStorage.getItem("theme-sent")) localStorage.setItem("theme", page.theme ?? "auto");
    sessionStorage.removeItem("theme-sent");
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") page.theme = chosen;
    else delete page.theme;
    const display = JSON.parse(localStorage.getItem("display") ?? "{}");
    for (const name of ["size", "spacing", "width", "face"]) {
      if (display[name]) document.documentElement.setAttribute(`data-text-${name}`, display[name]);
    }
  } catch {
    // Storage is closed to this page: the system's theme and the usual text stay.
  }
})();
