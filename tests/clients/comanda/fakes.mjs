// What a browser has and Node has not, and a server that answers as told.

export class Local {
  #kept = new Map();
  getItem(key) { return this.#kept.get(key) ?? null; }
  setItem(key, value) { this.#kept.set(key, String(value)); }
  removeItem(key) { this.#kept.delete(key); }
}

globalThis.localStorage ??= new Local();
globalThis.CustomEvent ??= class extends Event {
  constructor(name, { detail } = {}) {
    super(name);
    this.detail = detail;
  }
};

// A disk that can be read again by a page that begins anew.
export class Disk {
  kept = new Map();
  durable = true;
  async open() {}
  async get(key) { return structuredClone(this.kept.get(key)); }
  async put(key, value) { this.kept.set(key, structuredClone(value)); }
  async delete(key) { this.kept.delete(key); }
  async list(prefix) {
    return [...this.kept].filter(([key]) => key.startsWith(prefix)).sort().map(([, value]) => structuredClone(value));
  }
}

// `fetch` that notes what was asked and answers by `answer(call)`: `{status, body, headers}`, or throws.
export function server(answer) {
  const calls = [];
  const fetch = async (url, { method = 'GET', headers = {}, body } = {}) => {
    const call = { path: new URL(url).pathname, method, headers, body: body && JSON.parse(body) };
    calls.push(call);
    const { status = 200, body: said = {}, headers: more = {} } = await answer(call, calls.length);
    const text = status === 204 ? '' : JSON.stringify(said);
    return { status, ok: status < 300, headers: new Headers(more), text: async () => text, json: async () => JSON.parse(text) };
  };
  return { calls, fetch };
}

export const until = async (holds, within = 20_000) => {
  const end = Date.now() + within;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not within ${within} ms: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
