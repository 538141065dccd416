import { byId } from "./dom.js";

/**
 * Show a dialog that is made for the occasion; closed, it goes, and the focus goes back to where it was.
 *
 * @param {HTMLDialogElement} dialog
 */
export function showDialog(dialog) {
  dialog.addEventListener("close", () => dialog.remove());
  byId("main").append(dialog);
  dialog.showModal();
}
