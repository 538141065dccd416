/** @import { Annotation, Decision, Part, Place } from "./types.js" */

/**
 * @typedef {{label?: string, spans?: Part[], fields?: Record<string, unknown>, relations?: {type: string, to: string}[]}} Changes
 * @typedef {{id: string, name: string, type: string, aliases: string[], wikidata: string}} Entity
 */

const LONGEST_PAUSE = 8000;

/** The server said no: an RFC 9457 problem. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {{detail?: string, title?: string, errors?: Record<string, string[]>, current?: Annotation}} body
   * @param {boolean} retried whether an earlier try may have reached the server
   */
  constructor(status, body, retried) {
    super(body.detail || body.title || `The server answered ${status}.`);
    this.status = status;
    this.errors = body.errors ?? {};
    this.current = body.current ?? null;
    this.retried = retried;
  }
}

/** The work API of a source. What does not reach the server is sent again until it does. */
export class Api {
  /**
   * @param {Place} place
   * @param {(state: "saving" | "saved" | "retrying") => void} onState
   */
  constructor({ urls, csrfCookie }, onState) {
    this.urls = urls;
    this.csrfCookie = csrfCookie;
    this.onState = onState;
    this.open = 0;
  }

  /**
   * @param {Annotation} annotation
   * @returns {Promise<Annotation>}
   */
  create({ id, kind, label, spans, fields, relations }) {
    const links = relations.map(({ type, to }) => ({ type, to }));
    return this.#write("POST", this.urls.annotations, { id, kind, label, spans, fields, relations: links });
  }

  /**
   * @param {string} id
   * @param {number} version
   * @param {Changes} changes
   * @returns {Promise<Annotation>}
   */
  edit(id, version, changes) {
    return this.#write("PATCH", this.#one(id), changes, version);
  }

  /**
   * @param {string} id
   * @param {number} version
   * @returns {Promise<Annotation>}
   */
  remove(id, version) {
    return this.#write("DELETE", this.#one(id), undefined, version);
  }

  /**
   * @param {string} id
   * @returns {Promise<Annotation>}
   */
  restore(id) {
    return this.#write("POST", `${this.#one(id)}/restore`, {});
  }

  /**
   * @param {string} id
   * @param {number} version
   * @returns {Promise<Annotation>}
   */
  submit(id, version) {
    return this.#write("POST", `${this.#one(id)}/submit`, { version });
  }

  /**
   * @param {string} id
   * @param {number} version
   * @param {Decision["verdict"]} verdict
   * @param {string} note
   * @returns {Promise<Annotation>}
   */
  decide(id, version, verdict, note) {
    return this.#write("POST", `${this.#one(id)}/decisions`, { version, verdict, note });
  }

  /**
   * Records of the desk's register whose name has these letters.
   *
   * @param {string} q
   * @returns {Promise<Entity[]>}
   */
  async entities(q) {
    const response = await fetch(`${this.urls.work}/entities?q=${encodeURIComponent(q)}`);
    if (!response.ok) throw new Problem(response.status, {}, false);
    const body = await response.json();
    return Array.isArray(body) ? body : body.results;
  }

  /**
   * Add a record to the desk's register.
   *
   * @param {string} name
   * @param {string} type a label of the kind entity
   * @returns {Promise<Entity>}
   */
  addEntity(name, type) {
    return this.#write("POST", `${this.urls.work}/entities`, { name, type });
  }

  /** @returns {Promise<{cursor: number, annotations: Annotation[]}>} */
  async annotations() {
    const response = await fetch(this.urls.annotations);
    if (!response.ok) throw new Problem(response.status, {}, false);
    return response.json();
  }

  /**
   * Change something that has no version.
   *
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   */
  async write(method, path, body) {
    return this.#write(method, path, body);
  }

  /** @param {string} id */
  #one(id) {
    return `${this.urls.work}/annotations/${id}`;
  }

  /**
   * @param {string} method
   * @param {string} url
   * @param {unknown} body
   * @param {number} [version]
   */
  async #write(method, url, body, version) {
    this.open++;
    this.onState("saving");
    try {
      for (let tries = 0; ; tries++) {
        const response = await this.#send(method, url, body, version);
        if (response) return await answerOf(response, tries > 0);
        this.onState("retrying");
        await pause(Math.min(LONGEST_PAUSE, 500 * 2 ** tries));
      }
    } finally {
      this.open--;
      if (this.open === 0) this.onState("saved");
    }
  }

  /**
   * @param {string} method
   * @param {string} url
   * @param {unknown} body
   * @param {number} [version]
   * @returns {Promise<Response | null>} null when the server was not reached
   */
  async #send(method, url, body, version) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json", "X-CSRFToken": cookie(this.csrfCookie) };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (version !== undefined) headers["If-Match"] = `"v${version}"`;
    try {
      const response = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
      return [502, 503, 504].includes(response.status) ? null : response;
    } catch {
      return null;
    }
  }
}

/**
 * @param {Response} response
 * @param {boolean} retried
 */
async function answerOf(response, retried) {
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  if (response.status === 401) body.detail = "You are signed out: sign in again in another tab, then save again.";
  throw new Problem(response.status, body, retried);
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    addEventListener("online", () => (clearTimeout(timer), done(undefined)), { once: true });
  });
}

/** @param {string} name */
function cookie(name) {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
