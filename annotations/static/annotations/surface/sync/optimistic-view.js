/** @import { Annotation } from "../model/types.js" */
/** @import { Changes } from "../model/merge.js" */
/** @import { Write } from "./write-queue.js" */
import { DRAFT, SUBMITTED } from "../model/states.js";

/**
 * An annotation as it will be when the writes that wait have arrived, without those that were refused or hang on one.
 *
 * @param {Annotation | null} said by the server; null before it is made
 * @param {Write[]} writes about it, in order
 * @returns {Annotation | null}
 */
export function projected(said, writes) {
  const refused = new Set(writes.filter(({ failure }) => failure !== null).map(({ chain }) => chain));
  return writes.filter(({ chain }) => !refused.has(chain)).reduce(withOne, said);
}

/**
 * @param {Annotation | null} annotation
 * @param {Write} write
 * @returns {Annotation | null}
 */
function withOne(annotation, { does, shown, body, author }) {
  if (does === "create") return annotation ?? shown;
  if (does === "restore" && shown) return { ...(annotation ?? shown), deleted: false };
  if (!annotation) return null;
  if (does === "delete") return { ...annotation, deleted: true };
  if (does === "submit") return { ...annotation, state: SUBMITTED };
  if (does === "recall") return { ...annotation, state: DRAFT };
  return does === "edit" ? { ...edited(annotation, body), author } : annotation;
}

/**
 * @param {Annotation} annotation
 * @param {Changes} changes
 * @returns {Annotation}
 */
function edited(annotation, { relations, ...changes }) {
  const state = annotation.version > 0 ? DRAFT : annotation.state;
  const linked = relations?.map(({ type, to }) => annotation.relations.find((each) => each.type === type && each.to === to) ?? { id: `${type}-${to}`, type, to });
  return { ...annotation, ...changes, state, relations: linked ?? annotation.relations };
}
