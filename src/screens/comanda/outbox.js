// Requests that may not be lost. Each is kept on this machine before it leaves, under an Idempotency-Key of its own, and is
// sent until the server has taken or refused it; so neither a reload nor a lost answer loses or doubles one.
//
// An entry is one or more steps, done in order; a later step may name what an earlier one answered:
//
//   outbox.add({ lane: tableId, label: 'Table 4', steps: [
//     { method: 'POST', path: '/api/v1/orders', body: { tableSessionId } },
//     { method: 'POST', path: '/api/v1/orders/{0.id}/confirm', body: {} },
//   ] });
//
// Entries of one lane keep their order; lanes do not wait for each other. `outbox` events: change; done {entry, answers};
// refused {entry, error}.

import { randomKey } from './keys.js';

// Waiting after a failure, in ms: doubled each time, and spread so that a house full of tablets does not come back at once.
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const PREFIX = 'outbox/';

let count = 0;
// Sorts as entries were made, also over reloads.
const nextId = () => `${Date.now().toString(36).padStart(9, '0')}-${(count++).toString(36).padStart(4, '0')}-${randomKey()}`;

export class Outbox extends EventTarget {
  #entries = [];
  #busy = new Set();
  #waits = new Map();
  #timer = null;
  #running = false;
  #channel = null;

  constructor({ storage, api, name, channel = globalThis.BroadcastChannel, random = Math.random }) {
    super();
    Object.assign(this, { storage, api, random });
    this.lock = `comanda.outbox.${name}`;
    this.#channel = channel ? new channel(this.lock) : null;
    if (this.#channel) this.#channel.onmessage = () => this.#reload();
  }

  async open() {
    await this.#reload();
  }

  // In the order they were made. An entry: `{id, lane, label, at, steps, meta, error?}`.
  get entries() {
    return this.#entries;
  }

  // Not taken by the server yet, nor refused.
  get waiting() {
    return this.#entries.filter((entry) => !entry.error);
  }

  async add({ lane, label = '', meta = null, steps, ...step }) {
    const id = nextId();
    const list = (steps ?? [step]).map((one) => ({ ...one, key: one.key ?? randomKey() }));
    const entry = { id, lane: lane ?? id, label, at: Date.now(), steps: list, meta };
    await this.storage.put(PREFIX + id, entry);
    this.#entries = [...this.#entries, entry];
    this.#changed();
    this.wake();
    return entry;
  }

  // Forgets a refused entry.
  async dismiss(id) {
    await this.#remove(id);
  }

  start() {
    this.#running = true;
    this.wake();
  }

  stop() {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#channel?.close();
  }

  // The network is back, or something has come: nobody waits longer than needed.
  wake() {
    this.#waits.clear();
    this.#turn();
  }

  #turn() {
    clearTimeout(this.#timer);
    if (!this.#running) return;
    const now = Date.now();
    let soonest = Infinity;
    const seen = new Set();
    for (const entry of this.waiting) {
      if (seen.has(entry.lane)) continue;
      seen.add(entry.lane);
      const until = this.#waits.get(entry.lane)?.until ?? 0;
      if (this.#busy.has(entry.lane)) continue;
      if (until > now) soonest = Math.min(soonest, until);
      else this.#begin(entry);
    }
    if (soonest < Infinity) this.#timer = setTimeout(() => this.#turn(), soonest - now);
  }

  async #begin(entry) {
    this.#busy.add(entry.lane);
    try {
      await this.#exclusively(`${this.lock}/${entry.lane}`, () => this.#carryOut(entry));
    } finally {
      this.#busy.delete(entry.lane);
      this.#turn();
    }
  }

  async #carryOut(entry) {
    // Another tab may have done it while this one waited for its turn.
    const kept = await this.storage.get(PREFIX + entry.id);
    if (!kept || kept.error) return this.#reload();
    try {
      for (const step of kept.steps) {
        if (step.answer !== undefined) continue;
        const { method, body, key } = step;
        const path = filled(step.path, kept.steps);
        step.answer = (await this.api.request({ method, path, body: filled(body, kept.steps), key })) ?? null;
        await this.storage.put(PREFIX + kept.id, kept);
      }
    } catch (error) {
      return this.#failed(kept, error);
    }
    this.#waits.delete(entry.lane);
    await this.#remove(entry.id);
    const answers = kept.steps.map((step) => step.answer);
    this.dispatchEvent(new CustomEvent('done', { detail: { entry: kept, answers } }));
  }

  async #failed(entry, error) {
    // Signing in again lets it leave; only an answer about the request itself ends it.
    if (error.again || error.status === 401) {
      const before = this.#waits.get(entry.lane)?.wait ?? FIRST_WAIT / 2;
      const wait = Math.min(LONGEST_WAIT, before * 2);
      const until = Date.now() + Math.max(error.after ?? 0, wait * (0.5 + this.random() / 2));
      this.#waits.set(entry.lane, { wait, until });
      return;
    }
    entry.error = { status: error.status, code: error.code, message: error.message };
    await this.storage.put(PREFIX + entry.id, entry);
    this.#entries = this.#entries.map((one) => (one.id === entry.id ? entry : one));
    this.#changed();
    this.dispatchEvent(new CustomEvent('refused', { detail: { entry, error } }));
  }

  async #remove(id) {
    await this.storage.delete(PREFIX + id);
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    this.#changed();
  }

  async #reload() {
    this.#entries = (await this.storage.list(PREFIX)).sort((a, b) => (a.id < b.id ? -1 : 1));
    this.dispatchEvent(new CustomEvent('change'));
    this.#turn();
  }

  #changed() {
    this.#channel?.postMessage('changed');
    this.dispatchEvent(new CustomEvent('change'));
  }

  // One tab at a time; where the browser has no locks two may send the same, and its key makes that harmless.
  #exclusively(name, act) {
    const locks = globalThis.navigator?.locks;
    return locks ? locks.request(name, act) : act();
  }
}

// `{0.id}` in any text within: what step 0 answered.
function filled(value, steps) {
  if (typeof value === 'string') {
    return value.replace(/\{(\d+)\.(\w+)\}/g, (_, step, member) => steps[step].answer[member]);
  }
  if (Array.isArray(value)) return value.map((one) => filled(one, steps));
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, steps)]));
  }
  return value;
}
