// Buttons that ask before they do what cannot be undone.
export function confirmButtons() {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-confirm]");
    if (!(button instanceof HTMLElement)) return;
    if (!window.confirm(button.dataset.confirm)) event.preventDefault();
  });
}
