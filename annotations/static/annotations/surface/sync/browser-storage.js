/** @import { Change, Write } from "./write-queue.js" */
import { applied } from "./write-queue.js";

const NAME = "imprimatur";
const WRITES = "writes";
const KEPT = "kept";
const LONGEST_OPENING = 3000; // milliseconds until a browser that never answers counts as one that refuses

/**
 * What must outlive this page, in IndexedDB: writes on their way, and values kept by name.
 *
 * Where the browser refuses (a private window, a full disk) it goes on in memory, and `lasting` says so.
 */
export class BrowserStorage {
  constructor() {
    this.lasting = true;
    /** Changes that are not in IndexedDB yet. */
    this.busy = 0;
    /** @type {Write[]} */
    this.writes = [];
    /** @type {Map<string, unknown>} */
    this.kept = new Map();
    /** @type {Promise<IDBDatabase | null>} */
    this.opening = opened().catch(() => this.#forget());
  }

  /**
   * Change a user's writes in one transaction, so that no other tab comes between.
   *
   * @param {string} user
   * @param {(writes: Write[]) => Change} decide
   * @returns {Promise<Write[]>} all writes of the user, as they are now
   */
  async change(user, decide) {
    this.busy++;
    try {
      const database = await this.opening;
      if (database) this.writes = await changed(database, user, decide).catch(() => (this.#forget(), applied(this.writes, decide(this.writes))));
      else this.writes = applied(this.writes, decide(this.writes));
      return this.writes;
    } finally {
      this.busy--;
    }
  }

  /**
   * Keep a value under a name; null lets it go.
   *
   * @param {string} name
   * @param {unknown} value
   */
  async keep(name, value) {
    this.busy++;
    try {
      const database = await this.opening;
      if (value === null) this.kept.delete(name);
      else this.kept.set(name, value);
      if (database) await kept(database, name, value).catch(() => this.#forget());
    } finally {
      this.busy--;
    }
  }

  /**
   * The values whose names begin so.
   *
   * @param {string} prefix
   * @returns {Promise<unknown[]>}
   */
  async find(prefix) {
    const database = await this.opening;
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const found = database && (await answered(database.transaction(KEPT).objectStore(KEPT).getAll(range)).catch(() => this.#forget()));
    return found ?? [...this.kept].filter(([name]) => name.startsWith(prefix)).map(([, value]) => value);
  }

  /** @returns {null} */
  #forget() {
    this.lasting = false;
    this.opening = Promise.resolve(null);
    return null;
  }
}

/** @returns {Promise<IDBDatabase>} */
function opened() {
  return new Promise((done, failed) => {
    setTimeout(failed, LONGEST_OPENING);
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(WRITES, { keyPath: "id" }).createIndex("user", "user");
      request.result.createObjectStore(KEPT);
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

/**
 * @param {IDBDatabase} database
 * @param {string} user
 * @param {(writes: Write[]) => Change} decide
 * @returns {Promise<Write[]>}
 */
function changed(database, user, decide) {
  return new Promise((done, failed) => {
    const transaction = database.transaction(WRITES, "readwrite");
    const store = transaction.objectStore(WRITES);
    const reading = store.index("user").getAll(user);
    /** @type {Write[]} */
    let result = [];
    reading.onsuccess = () => {
      const change = decide(reading.result);
      for (const id of change.remove) store.delete(id);
      for (const write of change.put) store.put(write);
      transaction.commit();
      result = applied(reading.result, change);
    };
    transaction.oncomplete = () => done(result);
    transaction.onabort = transaction.onerror = () => failed(transaction.error);
  });
}

/**
 * Committed at once: a page that is left before its requests are answered would take them back.
 *
 * @param {IDBDatabase} database
 * @param {string} name
 * @param {unknown} value
 * @returns {Promise<void>}
 */
function kept(database, name, value) {
  return new Promise((done, failed) => {
    const transaction = database.transaction(KEPT, "readwrite");
    if (value === null) transaction.objectStore(KEPT).delete(name);
    else transaction.objectStore(KEPT).put(value, name);
    transaction.commit();
    transaction.oncomplete = () => done();
    transaction.onabort = transaction.onerror = () => failed(transaction.error);
  });
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function answered(request) {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}
