/** @import { Annotation } from "../model/types.js" */

/** Waits for an annotation to be chosen in the text or in the list. */
export class Picker {
  constructor() {
    /** @type {((annotation: Annotation) => void) | null} */
    this.chosen = null;
  }

  get isWaiting() {
    return this.chosen !== null;
  }

  /**
   * @param {(annotation: Annotation) => boolean} fits
   * @param {(annotation: Annotation) => void} chosen
   */
  wait(fits, chosen) {
    this.fits = fits;
    this.chosen = chosen;
    document.documentElement.toggleAttribute("data-picking", true);
  }

  /** @param {Annotation[]} annotations under the pointer, the shortest first */
  offer(annotations) {
    const found = annotations.find((each) => this.fits?.(each));
    const { chosen } = this;
    if (!found || !chosen) return false;
    this.stop();
    chosen(found);
    return true;
  }

  stop() {
    this.chosen = null;
    document.documentElement.toggleAttribute("data-picking", false);
  }
}
