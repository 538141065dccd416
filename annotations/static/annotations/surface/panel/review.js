/** @import { Annotation, Decision } from "../model/types.js" */
/** @import { Commands } from "../page/commands.js" */
/** @import { Store } from "../model/store.js" */
import { h } from "../ui/dom.js";
import { row } from "./fields.js";
import { DRAFT, STATE_AFTER, SUBMITTED, TITLES } from "../model/states.js";
import { exactly, said } from "../../js/times/times.js";

/**
 * The state with who brought it about, and who wrote the version: never one name in the place of the other.
 *
 * @param {Annotation} annotation
 * @returns {string[]} such as ["Rejected by Reviewer", "written by Editor"]
 */
export function standing({ state, version, author, origin, decision }) {
  const written = `written by ${author.name}`;
  const program = origin.split("/")[0];
  const makers = !program ? [written] : version > 1 ? [written, `suggested by ${program}`] : [`suggested by ${program}`, `accepted by ${author.name}`];
  if (!decision) return [TITLES[state], ...makers];
  const decided = STATE_AFTER[decision.verdict];
  const by = `${TITLES[decided]} by ${decision.by}`;
  return decided === state ? [by, ...makers] : [TITLES[state], by.charAt(0).toLowerCase() + by.slice(1), ...makers];
}

/**
 * State, decider, author, version, time; what is published; what the reviewer wrote.
 *
 * @param {Annotation} annotation
 */
export function stateLine(annotation) {
  const { updated_at: at, state, version, published_version: published, decision } = annotation;
  const [first, ...others] = standing(annotation);
  const facts = [first.slice(TITLES[state].length).trim(), ...others, state !== DRAFT && version > 0 && `version ${version}`,
    published !== null && (published === version ? "published" : `version ${published} is published`)].filter(Boolean);
  const time = h("time", { dateTime: at, title: exactly(at) }, said(at));
  return h("div", { className: "state-line" },
    h("p", {}, h("span", { className: `state ${state}` }, TITLES[state]), `${first === TITLES[state] ? " · " : " "}${facts.join(" · ")}`, version > 0 && " · ", version > 0 && time),
    decision?.note ? h("p", { className: "decision-note", dir: "auto" }, h("strong", {}, `${decision.by}: `), decision.note) : null);
}

/**
 * @typedef {{store: Store, commands: Commands, annotation: Annotation, notes: Map<string, string>}} Parts
 *   `notes`: what was typed into the note boxes, by annotation
 */

/**
 * For reviewers, the ways to the pages of review.
 *
 * @param {Parts} parts
 * @returns {HTMLElement | null}
 */
export function reviewSection({ store, annotation }) {
  const { may, urls } = store.place;
  if (!may.decide) return null;
  const address = `${urls.review}${annotation.id}/`;
  if (annotation.state !== SUBMITTED) {
    return annotation.published_version === null ? null : h("p", { className: "decide" }, h("a", { href: address }, "Withdraw from publication"));
  }
  const own = store.isMine(annotation) && !may.approveOwn && h("p", { className: "field-help" }, "You wrote this version: another reviewer must approve it.");
  return h("section", { className: "decide", "aria-label": "Review" }, h("h3", {}, "Review"), own, h("a", { href: address }, "Open in review"));
}

/**
 * For reviewers, the decision on what is in review: it stays in sight at the panel's foot.
 *
 * @param {Parts} parts
 * @returns {HTMLElement | null}
 */
export function decisionBar({ store, commands, annotation, notes }) {
  const { may } = store.place;
  if (!may.decide || annotation.state !== SUBMITTED || (store.isMine(annotation) && !may.approveOwn)) return null;
  const note = h("textarea", { rows: 1, dir: "auto", value: notes.get(annotation.id) ?? "", oninput: () => notes.set(annotation.id, note.value) });
  const input = row({ id: "decision-note", title: "Note to the author", control: note, read: () => note.value.trim() });
  const decide = async (/** @type {Decision["verdict"]} */ verdict) => {
    const outcome = await commands.decide(annotation, verdict, note.value);
    if (outcome.saved) notes.delete(annotation.id);
    else input.complain(outcome.errors.note ?? [outcome.sentence]);
  };
  const button = (/** @type {string} */ title, /** @type {Decision["verdict"]} */ verdict, className = "") =>
    h("button", { type: "button", className, "data-send": verdict === "return" ? "" : null, onclick: () => decide(verdict) }, title);
  return h("div", { className: "decision-bar", role: "group", "aria-label": "Decision" }, input.element,
    h("div", { className: "form-buttons" }, button("Approve", "approve", "primary"), button("Return", "return"), button("Reject", "reject", "danger")));
}
