/** @import { Annotation, FieldValue, Part, State } from "./types.js" */
/** @import { Api } from "../sync/api.js" */
/** @import { Changes } from "./merge.js" */
/** @import { Order } from "../sync/outbox.js" */
/** @import { Store } from "./store.js" */
import { SUBMITTED, TITLES, isDecided } from "./states.js";
import { differing, saidBy } from "./merge.js";

/**
 * What can be done, undone and done again, as values that can be kept.
 *
 * @typedef {{label?: string, spans?: Part[], fields?: Record<string, FieldValue | null>, relations?: {type: string, to: string}[]}} Patch
 *   What is left out stays; so does a field that is not named, and one that is null goes.
 *
 * @typedef {{do: "create", annotation: Annotation}
 *   | {do: "edit", id: string, from: Patch, to: Patch}
 *   | {do: "delete", id: string, unless?: State}
 *   | {do: "restore", annotation: Annotation}
 *   | {do: "submit", id: string}
 *   | {do: "recall", id: string}
 *   | {do: "call", method: string, path: string, body?: Record<string, any>, annotation?: string, chain?: string, deletes?: string[]}} Step
 *   `recall` takes a submission back; `call` is any other write, which must be safe to repeat. It names the drafts that it deletes.
 */

const IN_REVIEW = "take it back from review first.";

/**
 * The writes of a step, as things stand now.
 *
 * @param {Step} step
 * @param {string} title
 * @param {{store: Store, api: Api}} parts
 * @param {Annotation} [seen] what the editor had before the eyes, if not what the store has now
 * @returns {Order[]}
 */
export function ordersOf(step, title, { store, api }, seen) {
  if (step.do === "call") return [{ does: "call", title, ...withoutDo(step) }];
  if (step.do === "create") return [creation(step.annotation, title, api)];
  if (step.do === "restore") {
    const shown = step.annotation;
    const restoration = /** @type {Order} */ ({ does: "restore", title, method: "POST", path: `${api.one(shown.id)}/restore`, annotation: shown.id, shown });
    return shown.version > 0 ? [restoration] : [creation(shown, title, api), restoration];
  }
  const annotation = seen ?? store.annotations.get(step.id);
  if (!annotation) return [];
  const about = { title, annotation: annotation.id, base: annotation.version };
  const path = api.one(annotation.id);
  if (step.do === "delete") return [{ ...about, does: "delete", method: "DELETE", path, shown: annotation }];
  if (step.do === "submit") return [{ ...about, does: "submit", method: "POST", path: `${path}/submit` }];
  if (step.do === "recall") return [{ ...about, does: "recall", method: "POST", path: `${path}/recall` }];
  const body = bodyOf(step.to, annotation);
  return [{ ...about, does: "edit", method: "PATCH", path, body, was: saidBy(annotation) }];
}

/**
 * Why a step cannot be done now, as a sentence; null when it can.
 *
 * @param {Step} step
 * @param {Store} store
 */
export function obstacle(step, store) {
  if (step.do === "call") return step.deletes?.some((id) => store.annotations.get(id)?.state === SUBMITTED) ? IN_REVIEW : null;
  if (step.do === "create") return null;
  if (step.do === "restore") return store.annotations.has(step.annotation.id) ? "it is there already." : null;
  const annotation = store.annotations.get(step.id);
  if (!annotation) return "it was deleted.";
  const { state, decision } = annotation;
  if (!store.isMine(annotation)) return `${annotation.author.name} changed it since.`;
  if (isDecided(state) && step.do !== "submit") return `it was ${TITLES[state].toLowerCase()}${decision ? ` by ${decision.by}` : ""} since.`;
  if (step.do === "delete" && annotation.published_version !== null) return "it is published: withdraw it first.";
  if (step.do === "delete" && state === step.unless) return IN_REVIEW;
  if (step.do === "recall" && state !== SUBMITTED) return "it is not in review any more.";
  if (step.do === "edit" && !stands(step.from, annotation)) return "it was changed since.";
  return null;
}

/**
 * What a change replaces, so that it can be put back.
 *
 * @param {Annotation} annotation
 * @param {Patch} patch
 * @returns {Patch}
 */
export function reversed(annotation, { label, spans, fields, relations }) {
  const said = saidBy(annotation);
  const before = Object.fromEntries(Object.keys(fields ?? {}).map((name) => [name, annotation.fields[name] ?? null]));
  return {
    ...(label !== undefined && { label: said.label }),
    ...(spans && { spans: said.spans }),
    ...(fields && { fields: before }),
    ...(relations && { relations: said.relations }),
  };
}

/**
 * @param {Patch} patch
 * @param {Annotation} annotation
 * @returns {Changes}
 */
function bodyOf({ fields, ...patch }, annotation) {
  if (!fields) return patch;
  const all = Object.entries({ ...annotation.fields, ...fields }).filter(([, value]) => value !== null);
  return { ...patch, fields: /** @type {Record<string, FieldValue>} */ (Object.fromEntries(all)) };
}

/**
 * Whether the annotation says what the patch left there.
 *
 * @param {Patch} patch
 * @param {Annotation} annotation
 */
function stands(patch, annotation) {
  const said = saidBy(annotation);
  return differing(said, { ...said, ...bodyOf(patch, annotation) }).length === 0;
}

/**
 * @param {Annotation} annotation
 * @param {string} title
 * @param {Api} api
 * @returns {Order}
 */
function creation(annotation, title, api) {
  const { id, kind, label, spans, fields, relations } = { ...annotation, ...saidBy(annotation) };
  return { does: "create", title, method: "POST", path: api.urls.annotations, annotation: id, body: { id, kind, label, spans, fields, relations }, shown: annotation };
}

/** @param {Extract<Step, {do: "call"}>} step */
function withoutDo({ method, path, body = {}, annotation = "", chain }) {
  return { method, path, body, annotation, ...(chain && { chain }) };
}
