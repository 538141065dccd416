// Runs in the head, before anything is painted, so that a chosen theme or size of the text never flashes.
(() => {
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
    const display = JSON.parse(localStorage.getItem("display") ?? "{}");
    for (const name of ["size", "spacing", "width", "face"]) {
      if (display[name]) document.documentElement.setAttribute(`data-text-${name}`, display[name]);
    }
  } catch {
    // Storage is closed to this page: the system's theme and the usual text stay.
  }
})();
