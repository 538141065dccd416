/** Annotations and a page to test with. */

const ME = { id: "me", name: "Me" };

/**
 * An annotation as the work API says it.
 *
 * @param {Record<string, any>} [about] what matters; `at` is its one span, by its ends
 */
export function annotationOf({ at = [0, 4], ...about } = {}) {
  const [start, end] = at;
  return {
    id: "a", kind: "claim", label: "fact", spans: [{ start, end, exact: "x".repeat(end - start) }], fields: {}, relations: [], state: "draft",
    version: 1, published_version: null, decision: null, origin: "", author: ME, updated_at: "2024-05-01T12:00:00.000Z", deleted: false, ...about,
  };
}

/** The data of a page. @param {Record<string, any>} [about] */
export function pageOf(about = {}) {
  const kinds = ["claim", "entity"].map((kind) => ({
    kind, title: kind === "claim" ? "Claim" : "Entity", labels: [{ name: "fact", title: "Fact", description: "" }], fields: [], relations: [],
  }));
  return /** @type {any} */ ({ me: ME, urls: { work: "/work", annotations: "/work/annotations" }, codebook: { version: 1, guidelines: "", kinds }, may: { tag: true }, ...about });
}

/**
 * A write of the outbox.
 *
 * @param {number | string} id
 * @param {Record<string, any>} [about]
 */
export function writeOf(id, { annotation = "a", ...about } = {}) {
  return /** @type {any} */ ({
    id: String(id).padStart(6, "0"), user: "me", author: ME, desk: "", source: "", annotation, chain: annotation || String(id), does: "edit", title: "", method: "", path: "",
    body: {}, base: null, was: null, shown: null, tries: 0, failure: null, ...about,
  });
}

/** Why the server refused. @param {Record<string, any>} [about] */
export function failureOf(about = {}) {
  return { status: 422, sentence: "No.", errors: {}, current: null, ...about };
}
