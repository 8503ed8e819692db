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
// Entries of one lane keep their order; lanes do not wait for each other. An entry belongs to who made it: under another login
// it is kept, and neither shown nor sent. `outbox` events: change; done {entry, answers}; refused {entry, error}.

import { ComandaError } from './api.js';
import { randomKey } from './keys.js';

// Waiting after a failure, in ms: doubled each time, and spread so that a house full of tablets does not come back at once.
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const PREFIX = 'outbox/';

let count = 0;
// Sorts as entries were made, also over reloads.
const nextId = () => `${Date.now().toString(36).padStart(9, '0')}-${(count++).toString(36).padStart(4, '0')}-${randomKey()}`;

export class Outbox extends EventTarget {
  #kept = [];
  #owner;
  #busy = new Set();
  #lanes = new Map();
  #waits = new Map();
  #timer = null;
  #running = false;
  #channel = null;

  // `owner`: says who is signed in now, as a text.
  constructor({ storage, api, name, owner = () => '', channel = globalThis.BroadcastChannel, random = Math.random }) {
    super();
    Object.assign(this, { storage, api, owner, channel, random });
    this.lock = `comanda.outbox.${name}`;
    this.#owner = owner();
  }

  async open() {
    this.#owner = this.owner();
    this.#hear();
    await this.#reload();
  }

  // In the order they were made. An entry: `{id, owner, lane, label, at, steps, meta, tried?, error?}`.
  get entries() {
    return this.#kept.filter((entry) => this.#isOurs(entry));
  }

  // Not taken by the server yet, nor refused.
  get waiting() {
    return this.#kept.filter((entry) => !entry.error && this.#isOurs(entry));
  }

  // What waits for another login.
  get parked() {
    return this.#kept.filter((entry) => !entry.error && !this.#isOurs(entry));
  }

  async add({ lane, label = '', meta = null, steps, ...step }) {
    const id = nextId();
    const list = (steps ?? [step]).map(keyed);
    const entry = { id, owner: this.#owner, lane: lane ?? id, label, at: Date.now(), steps: list, meta };
    await this.storage.put(PREFIX + id, entry);
    this.#kept = [...this.#kept, entry];
    this.#changed();
    this.#turn();
    return entry;
  }

  // Forgets a refused entry.
  async dismiss(id) {
    await this.#remove(id);
  }

  // Takes an entry back. 'forgotten': it never left. 'undone': it may have, so `step` is done after its others; its texts may
  // name their answers; `meta` is the entry's then. 'answered': it is no longer here, and for the caller to undo.
  async withdraw(id, { step, meta }) {
    const entry = this.waiting.find((one) => one.id === id);
    if (!entry) return 'answered';
    return this.#exclusively(entry.lane, async () => {
      const kept = await this.storage.get(PREFIX + id);
      if (!kept || kept.error) return 'answered';
      if (!kept.tried) {
        await this.#remove(id);
        return 'forgotten';
      }
      const undone = { ...kept, meta, steps: [...kept.steps, keyed(step)] };
      await this.storage.put(PREFIX + id, undone);
      this.#replace(undone);
      return 'undone';
    });
  }

  start() {
    this.#running = true;
    this.#hear();
    this.#turn();
  }

  stop() {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#channel?.close();
    this.#channel = null;
  }

  // The network is back: nobody waits longer than the server asked for.
  wake() {
    for (const [lane, { asked }] of this.#waits) this.#waits.set(lane, { wait: FIRST_WAIT / 2, until: asked, asked });
    this.#turn();
  }

  #isOurs({ owner }) {
    // An older release did not say whose it was.
    return owner === undefined || owner === this.#owner;
  }

  #hear() {
    if (this.#channel || !this.channel) return;
    this.#channel = new this.channel(this.lock);
    this.#channel.onmessage = () => this.#reload();
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
      await this.#exclusively(entry.lane, () => this.#carryOut(entry));
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
      if (this.owner() !== this.#owner) throw new ComandaError('another login', { status: 401 });
      if (!kept.tried) await this.storage.put(PREFIX + kept.id, Object.assign(kept, { tried: true }));
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
      const now = Date.now();
      const asked = error.after ? now + error.after : 0;
      this.#waits.set(entry.lane, { wait, until: Math.max(asked, now + wait * (0.5 + this.random() / 2)), asked });
      return;
    }
    entry.error = { status: error.status, code: error.code, message: error.message };
    await this.storage.put(PREFIX + entry.id, entry);
    this.#replace(entry);
    this.dispatchEvent(new CustomEvent('refused', { detail: { entry, error } }));
  }

  #replace(entry) {
    this.#kept = this.#kept.map((one) => (one.id === entry.id ? entry : one));
    this.#changed();
  }

  async #remove(id) {
    await this.storage.delete(PREFIX + id);
    this.#kept = this.#kept.filter((entry) => entry.id !== id);
    this.#changed();
  }

  async #reload() {
    this.#kept = (await this.storage.list(PREFIX)).sort((a, b) => (a.id < b.id ? -1 : 1));
    this.dispatchEvent(new CustomEvent('change'));
    this.#turn();
  }

  #changed() {
    this.#channel?.postMessage('changed');
    this.dispatchEvent(new CustomEvent('change'));
  }

  // One at a time in a lane. Among tabs as well, where the browser has locks; where it has none two may send the same, and its
  // key makes that harmless.
  #exclusively(lane, act) {
    const locks = globalThis.navigator?.locks;
    const before = this.#lanes.get(lane) ?? Promise.resolve();
    const turn = before.then(() => (locks ? locks.request(`${this.lock}/${lane}`, act) : act()));
    const over = turn.catch(() => {}).then(() => this.#lanes.get(lane) === over && this.#lanes.delete(lane));
    this.#lanes.set(lane, over);
    return turn;
  }
}

const keyed = (step) => ({ ...step, key: step.key ?? randomKey() });

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
