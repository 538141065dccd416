/** When work is done that need not be done at once: the browser lays out and paints once for all of it. */

/**
 * Runs in the frame that comes next, however often it is asked for until then. To measure there what was changed
 * costs nothing: that frame lays it out anyway.
 *
 * @param {() => void} run
 * @returns {() => void} asks for it
 */
export function inNextFrame(run) {
  return once(run, (then) => requestAnimationFrame(then));
}

/**
 * Runs once for many changes, and after what was changed was painted.
 *
 * @param {() => void} run
 * @returns {() => void} asks for it
 */
export function afterPaint(run) {
  return once(run, (then) => requestAnimationFrame(() => setTimeout(then)));
}

/**
 * The same, once nothing else is to be done: what the editor does meanwhile comes first.
 *
 * @param {() => void} run
 * @returns {() => void} asks for it
 */
export function inSpareTime(run) {
  return once(run, (then) => requestAnimationFrame(() => spare(then)));
}

/** @param {() => void} run */
function spare(run) {
  if ("scheduler" in window) /** @type {any} */ (window).scheduler.postTask(run, { priority: "background" });
  else setTimeout(run);
}

/**
 * @param {() => void} run
 * @param {(then: () => void) => void} schedule
 * @returns {() => void}
 */
function once(run, schedule) {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    schedule(() => {
      isWaiting = false;
      run();
    });
  };
}
