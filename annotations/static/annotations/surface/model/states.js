/** The states of a version, the one place of their names; `annotations/models/states.py` has the same table. */

/** Of the page alone: the server does not have it yet. */
export const NEW = "new";
export const DRAFT = "draft";
export const SUBMITTED = "submitted";
export const APPROVED = "approved";
export const RETURNED = "returned";
export const REJECTED = "rejected";
export const WITHDRAWN = "withdrawn";

/** @typedef {keyof typeof TITLES} State */

/** How people read them. */
export const TITLES = {
  [NEW]: "Not saved yet",
  [DRAFT]: "Draft",
  [SUBMITTED]: "In review",
  [APPROVED]: "Approved",
  [RETURNED]: "Returned",
  [REJECTED]: "Rejected",
  [WITHDRAWN]: "Withdrawn",
};

/** What may become of each. @type {Record<State, State[]>} */
export const NEXT = {
  [NEW]: [DRAFT],
  [DRAFT]: [SUBMITTED],
  [SUBMITTED]: [DRAFT, APPROVED, RETURNED, REJECTED],
  [APPROVED]: [WITHDRAWN],
  [RETURNED]: [DRAFT],
  [REJECTED]: [],
  [WITHDRAWN]: [],
};

/** The state that a reviewer's decision leads to. */
export const STATE_AFTER = /** @type {const} */ ({ approve: APPROVED, return: RETURNED, reject: REJECTED });

/** Whether its author still works on it, and may submit it: a returned version is reopened on the way. @param {State} state */
export function isOpen(state) {
  return state === DRAFT || state === RETURNED;
}

/** Whether a reviewer's word stands: only the next version changes it. @param {State} state */
export function isDecided(state) {
  return state === APPROVED || state === RETURNED || isFinal(state);
}

/** Whether nothing may become of it any more. @param {State} state */
export function isFinal(state) {
  return NEXT[state].length === 0;
}
