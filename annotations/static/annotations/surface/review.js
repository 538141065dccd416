/** @import { Annotation, Decision } from "./types.js" */
/** @import { Commands } from "./commands.js" */
/** @import { Store } from "./store.js" */
import { h } from "./dom.js";
import { row } from "./fields.js";
import { localTime } from "./when.js";

/** @type {Record<string, string>} */
export const STATES = { new: "Not saved yet", draft: "Draft", submitted: "In review", approved: "Approved", returned: "Returned", rejected: "Rejected", withdrawn: "Withdrawn" };

/**
 * State, author, version, time; what is published; what the reviewer wrote.
 *
 * @param {Annotation} annotation
 */
export function stateLine({ updated_at: at, state, version, author, origin, published_version: published, decision }) {
  const time = h("time", { dateTime: at }, localTime(at));
  const facts = [maker(version, author.name, origin), version > 0 && `version ${version}`, published !== null && published !== version && `version ${published} is published`];
  return h("div", { className: "state-line" },
    h("p", {}, h("span", { className: `state ${state}` }, STATES[state]), published !== null && h("span", { className: "state published" }, "Published"), ` ${facts.filter(Boolean).join(" · ")}`, version > 0 && " · ", version > 0 && time),
    decision?.note ? h("p", { className: "decision-note", dir: "auto" }, h("strong", {}, `${decision.by}: `), decision.note) : null);
}

/**
 * Who made it: of what a program proposed, the first version is by whoever accepted it.
 *
 * @param {number} version
 * @param {string} author
 * @param {string} origin
 */
function maker(version, author, origin) {
  const program = origin.split("/")[0];
  if (!program) return `by ${author}`;
  return version > 1 ? `by ${author} · proposed by ${program}` : `proposed by ${program}, accepted by ${author}`;
}

/**
 * For reviewers, the decision on what is in review, or the way to withdraw what is published.
 *
 * @param {{store: Store, commands: Commands, annotation: Annotation}} parts
 * @returns {HTMLElement | null}
 */
export function reviewSection({ store, commands, annotation }) {
  const { may, urls } = store.place;
  if (!may.decide) return null;
  const address = `${urls.review}${annotation.id}/`;
  if (annotation.state !== "submitted") {
    return annotation.published_version === null ? null : h("p", { className: "decide" }, h("a", { href: address }, "Withdraw what is published"));
  }
  const link = h("a", { href: address }, "Open in review");
  const own = store.isMine(annotation) && !may.approveOwn;
  const section = h("section", { className: "decide", "aria-label": "Review" }, h("h3", {}, "Review"));
  if (own) {
    section.append(h("p", { className: "field-help" }, "You wrote this version: somebody else must approve it."), link);
    return section;
  }
  const note = h("textarea", { rows: 2, dir: "auto" });
  const input = row({ id: "decision-note", title: "Note to the author", control: note, read: () => note.value.trim() });
  const decide = async (/** @type {Decision["verdict"]} */ verdict) => {
    const outcome = await commands.decide(annotation, verdict, note.value);
    if (!outcome.saved) input.complain(outcome.errors.note ?? [outcome.sentence]);
  };
  const button = (/** @type {string} */ title, /** @type {Decision["verdict"]} */ verdict, className = "") =>
    h("button", { type: "button", className, onclick: () => decide(verdict) }, title);
  section.append(input.element, h("div", { className: "form-buttons" }, button("Approve", "approve", "primary"), button("Return", "return"), button("Reject", "reject", "danger")), link);
  return section;
}
