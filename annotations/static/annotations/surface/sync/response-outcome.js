/** @import { Annotation } from "../model/types.js" */
/** @import { Answer } from "./api.js" */
/** @import { Failure, Outcome, Write } from "./write-queue.js" */
import { metNewer } from "../model/merge.js";
import { DRAFT, SUBMITTED } from "../model/states.js";

const MOST_TROUBLE = 5; // answers 500 until a write counts as refused
const LATER = [408, 425, 429, 502, 503, 504];

/** @typedef {{is: "again", because: "unreached" | "signed-out" | "trouble"}} Again To be sent once more. */

/**
 * What an answer means for its write.
 *
 * A retry of what arrived before, its answer lost, is recognised: creations by their id on the server,
 * the others here by the state that the server shows.
 *
 * @param {Write} write
 * @param {Answer | null} answer
 * @param {number} troubles how often the server failed at this write before
 * @returns {Outcome | Again}
 */
export function outcomeOf(write, answer, troubles) {
  if (!answer || LATER.includes(answer.status) || isStaleToken(answer)) return { is: "again", because: "unreached" };
  const { status, body } = answer;
  if (status < 300) return { is: "done", version: body.version ?? null };
  if (status === 401) return { is: "again", because: "signed-out" };
  if (status >= 500 && troubles < MOST_TROUBLE) return { is: "again", because: "trouble" };
  const failure = { status, sentence: body.detail || `The server answered ${status}.`, errors: body.errors ?? {}, current: body.current ?? null };
  return refused(write, failure);
}

/**
 * @param {Write} write
 * @param {Failure} failure
 * @returns {Outcome}
 */
function refused(write, failure) {
  const { status, current } = failure;
  if (status === 404 && write.does === "delete") return { is: "done", version: null };
  if (status === 409 && current && arrived(write, current)) return { is: "done", version: current.version };
  return status === 412 ? metNewer(write, failure) : { is: "failed", failure };
}

/**
 * @param {Write} write
 * @param {Annotation} current
 */
function arrived({ does, base, body }, { version, state, decision }) {
  if (version !== base) return false;
  if (does === "submit") return state === SUBMITTED;
  if (does === "recall") return state === DRAFT;
  return decision !== null && decision.verdict === body.verdict && decision.note === (body.note ?? "").trim();
}

/** Signing in changes the token: one that was read a moment too early is read again. @param {Answer} answer */
function isStaleToken({ status, body }) {
  return status === 403 && String(body.detail ?? "").startsWith("CSRF");
}
