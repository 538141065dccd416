// The API's description has colours of its own, chosen by a class: they follow the reader's theme.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => root.classList.toggle("dark-mode", root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  dark.addEventListener("change", follow);
  follow();
})();
