/**
 * The words of the surface, as types.
 *
 * @typedef {"claim" | "entity" | "quote" | "flag"} Kind
 * @typedef {{start: number, end: number}} Span Half-open, in code points of the whole text.
 * @typedef {Span & {exact: string}} Part A span and the words that stand there.
 * @typedef {string | string[]} FieldValue
 * @typedef {{id: string, type: string, to: string}} Relation
 * @typedef {{verdict: "approve" | "return" | "reject", note: string, by: string, at: string}} Decision
 * @typedef {import("./states.js").State} State
 *
 * @typedef {object} Annotation As the work API says it; `version` is 0 and `state` "new" until the server has it.
 * @property {string} id
 * @property {Kind} kind
 * @property {string} label
 * @property {Part[]} spans
 * @property {Record<string, FieldValue>} fields
 * @property {Relation[]} relations
 * @property {State} state
 * @property {number} version
 * @property {number | null} published_version
 * @property {Decision | null} decision
 * @property {string} origin The program that proposed it; empty when a person made it.
 * @property {{id: string, name: string}} author
 * @property {string} updated_at
 * @property {boolean} deleted
 *
 * @typedef {{id: string, name: string}} Person
 * @typedef {{open: number, total: number}} Counts Of threads that nobody resolved, and of comments.
 *
 * @typedef {object} Comment As the work API says it; `unsent` until the server has it.
 * @property {string} id
 * @property {string} annotation
 * @property {string | null} thread the comment that it answers
 * @property {Person} author
 * @property {string} body empty when it was deleted
 * @property {Person[]} mentions
 * @property {string} created_at
 * @property {string | null} edited_at
 * @property {boolean} deleted
 * @property {{by: string, at: string} | null} resolved
 * @property {boolean} [unsent]
 * @typedef {{state: State | "", label: string, author: string, talk: "open" | ""}} Filter A label is `kind/name`, an author an id; empty for all.
 *
 * @typedef {{name: string, title: string, description: string}} Label
 * @typedef {{name: string, title: string, type: string, required: boolean, choices: string[], help: string}} Field
 * @typedef {{type: string, title: string, to: Kind[]}} RelationRule
 * @typedef {{kind: Kind, title: string, labels: Label[], fields: Field[], relations: RelationRule[]}} KindRule
 *
 * @typedef {object} PageData What the server says with the page.
 * @property {{version: number, guidelines: string, kinds: KindRule[]}} codebook
 * @property {number} cursor The ledger's last event that is known; set once the annotations are loaded.
 * @property {string} source its id
 * @property {number} context code points that are stored on either side of a passage, where there are as many
 * @property {number} presenceLasts seconds after the last sign of a person
 * @property {number} checksum Adler-32 of the text's UTF-16, little-endian
 * @property {{work: string, annotations: string, compact: string, live: string, liveWorker: string, presence: string, review: string, suggestions: string, sources: string, signIn: string}} urls
 * @property {string} csrfCookie
 * @property {{id: string, name: string}} me
 * @property {{tag: boolean, submit: boolean, decide: boolean, deleteAny: boolean, comment: boolean, deleteAnyComment: boolean, approveOwn: boolean}} may
 */
export {};
