/** @import { Annotation, PageData } from "../model/types.js" */
/** @import { Entity } from "../panel/lookups.js" */
/** @import { Write } from "./write-queue.js" */

/**
 * @typedef {{detail?: string, title?: string, errors?: Record<string, string[]>, current?: Annotation}} ProblemBody
 * @typedef {{status: number, body: any, after?: number}} Answer `after`: milliseconds until the server wants to be asked again
 */

const PATIENCE = 20_000; // milliseconds until a request counts as lost

/** The server said no: an RFC 9457 problem. */
export class Problem extends Error {
  /**
   * @param {number} status 0 when the server was not reached
   * @param {ProblemBody} body
   */
  constructor(status, body) {
    super(body.detail || body.title || (status ? `The server answered ${status}.` : "The server was not reached: try again."));
    this.status = status;
    this.errors = body.errors ?? {};
  }
}

/** The work API. Each function asks once; what must arrive goes through the outbox. */
export class Api {
  /** @param {PageData} place */
  constructor({ urls, csrfCookie, me }) {
    this.urls = urls;
    this.csrfCookie = csrfCookie;
    this.me = me;
  }

  /**
   * Try to bring a write to the server.
   *
   * @param {Write} write
   * @returns {Promise<Answer | null>} null when the server was not reached
   */
  async send({ user, method, path, body, base, does }) {
    const inBody = does === "submit" || does === "recall" || does === "decide";
    const version = does === "edit" || does === "delete" ? base : null;
    const answer = await this.#ask(method, path, inBody ? { ...body, version: base } : method === "DELETE" ? undefined : body, { version, user });
    if (answer?.status !== 409 || !inBody) return answer;
    const current = await this.#ask("GET", path.slice(0, path.lastIndexOf("/")), undefined, { user });
    return current && { ...answer, body: { ...answer.body, current: current.status === 200 ? current.body : null } };
  }

  /**
   * Change something now or not at all.
   *
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   */
  async write(method, path, body) {
    const answer = await this.#ask(method, path, body, { user: this.me.id });
    if (!answer || answer.status >= 400) throw new Problem(answer?.status ?? 0, answer?.body ?? {});
    return answer.body;
  }

  /**
   * Add a record to the desk's register.
   *
   * @param {string} name
   * @param {string} type a label of the kind entity
   * @returns {Promise<Entity>}
   */
  addEntity(name, type) {
    return this.write("POST", `${this.urls.work}/entities`, { name, type });
  }

  /** @param {string} id */
  one(id) {
    return `${this.urls.work}/annotations/${id}`;
  }

  /** @param {string} url */
  async #read(url) {
    const response = await fetch(url);
    if (!response.ok) throw new Problem(response.status, {});
    return response.json();
  }

  /**
   * @param {string} method
   * @param {string} url
   * @param {unknown} body
   * @param {{version?: number | null, user: string}} as
   * @returns {Promise<Answer | null>}
   */
  async #ask(method, url, body, { version = null, user }) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json", "X-CSRFToken": cookie(this.csrfCookie), "X-User": user };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (version !== null) headers["If-Match"] = `"v${version}"`;
    const signal = AbortSignal.timeout(PATIENCE);
    try {
      const response = await fetch(url, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
      const after = 1000 * Number(response.headers.get("Retry-After") ?? 0) || 0;
      return { status: response.status, body: await response.json().catch(() => ({})), after };
    } catch {
      return null;
    }
  }
}

/** @param {string} name */
function cookie(name) {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
