// What must survive a reload: keys and values in IndexedDB, one database a name. Where the browser has none to give (private
// windows, a full disk) things are kept in memory, and `durable` says so.

const STORE = 'values';

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export class Storage {
  #database = null;
  #memory = new Map();

  constructor(name, { indexedDB = globalThis.indexedDB } = {}) {
    this.name = name;
    this.indexedDB = indexedDB;
  }

  // True where values outlive the page.
  get durable() {
    return this.#database !== null;
  }

  async open() {
    try {
      const request = this.indexedDB.open(`comanda.${this.name}`, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      this.#database = await done(request);
      // Another tab wants to delete it, or the browser took it away: memory serves on.
      this.#database.onversionchange = () => this.#database?.close();
      this.#database.onclose = () => { this.#database = null; };
    } catch {
      this.#database = null;
    }
  }

  async get(key) {
    const kept = await this.#run('readonly', (store) => store.get(key));
    return kept === undefined ? this.#memory.get(key) : kept;
  }

  // Resolves once the value is on the disk, as far as the browser can say.
  async put(key, value) {
    const kept = await this.#run('readwrite', (store) => store.put(value, key));
    if (kept === undefined) this.#memory.set(key, value);
    else this.#memory.delete(key);
  }

  async delete(key) {
    this.#memory.delete(key);
    await this.#run('readwrite', (store) => store.delete(key));
  }

  // The values whose keys begin so, by key.
  async list(prefix) {
    const range = globalThis.IDBKeyRange?.bound(prefix, `${prefix}\uffff`);
    const kept = (await this.#run('readonly', (store) => store.getAll(range))) ?? [];
    const keys = [...this.#memory.keys()].filter((key) => key.startsWith(prefix)).sort();
    return [...kept, ...keys.map((key) => this.#memory.get(key))];
  }

  // Undefined where the database could not do it.
  async #run(mode, act) {
    if (!this.#database) return undefined;
    try {
      const transaction = this.#database.transaction(STORE, mode, { durability: 'strict' });
      const ended = new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = transaction.onerror = () => reject(transaction.error);
      });
      const request = act(transaction.objectStore(STORE));
      await ended;
      return request.result;
    } catch {
      return undefined;
    }
  }
}
