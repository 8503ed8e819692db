// A login that is kept on this machine, its tokens renewed before they run out. Tokens are never in a URL.
//
// Refresh tokens are good once, and one that comes back twice ends the login. So tabs take turns, and the key under which an
// answer may be asked for again is kept before the request leaves.

import { randomKey } from './keys.js';

// Seconds an access token is asked to live: a tablet that is stolen is good for ten minutes.
const TTL = 600;
// Renewed this long before the end, in ms.
const MARGIN = 60_000;
// Nobody waits for an answer longer than this, in ms.
const WITHIN = 10_000;

export class Session extends EventTarget {
  #renewing = null;

  constructor({ url, name = 'user', fetch = globalThis.fetch.bind(globalThis), local = globalThis.localStorage }) {
    super();
    this.url = url;
    this.slot = `comanda.session.${name}`;
    this.fetch = fetch;
    this.local = local;
  }

  get #kept() {
    try {
      return JSON.parse(this.local.getItem(this.slot)) ?? null;
    } catch {
      return null;
    }
  }

  set #kept(value) {
    if (value) this.local.setItem(this.slot, JSON.stringify(value));
    else this.local.removeItem(this.slot);
  }

  get signedIn() {
    return this.#kept !== null;
  }

  // `{id, email, name, role, restaurantId}`, or null.
  get user() {
    return this.#kept?.user ?? null;
  }

  get restaurant() {
    return this.user?.restaurantId ?? null;
  }

  // Of a paired display: `{id, name, role, station}`.
  get device() {
    return this.#kept?.device ?? null;
  }

  // Whose things on this machine are: those of the restaurant's person, or of its display, which may be paired anew.
  get owner() {
    return this.device ? `${this.restaurant}` : `${this.restaurant}/${this.user?.id ?? ''}`;
  }

  // When the access token ends, in ms of Date.now().
  get expiresAt() {
    return this.#kept?.expiresAt ?? 0;
  }

  async login(email, password) {
    this.take(await this.#post('/api/v1/auth/login', { email, password, ttl: TTL }));
    return this.user;
  }

  // Keeps the answer to a login, a registration or a pairing.
  take(answer) {
    this.#kept = {
      access: answer.accessToken,
      refresh: answer.refreshToken,
      expiresAt: Date.now() + answer.expiresIn * 1000,
      user: answer.user,
      device: answer.device,
    };
    this.dispatchEvent(new CustomEvent('change'));
  }

  // A token that is good for a minute still, or null where the login has ended. Throws where the server cannot be asked.
  async token({ renew = false } = {}) {
    const kept = this.#kept;
    if (!kept) return null;
    const fresh = kept.expiresAt - Date.now() > MARGIN;
    if (fresh && !renew) return kept.access;
    this.#renewing ??= this.#exclusively(() => this.#renew(kept.refresh)).finally(() => { this.#renewing = null; });
    await this.#renewing;
    return this.#kept?.access ?? null;
  }

  async logout() {
    const kept = this.#kept;
    this.#kept = null;
    // Nothing depends on the answer: what is forgotten here cannot be used here.
    if (kept) await this.#post('/api/v1/auth/logout', { refreshToken: kept.refresh }).catch(() => {});
  }

  async #renew(before) {
    const kept = this.#kept;
    // Another tab has been quicker.
    if (!kept || kept.refresh !== before) return;
    const key = kept.key ?? randomKey();
    this.#kept = { ...kept, key };
    try {
      const answer = await this.#post('/api/v1/auth/refresh', { refreshToken: kept.refresh }, key);
      this.take({ device: kept.device, ...answer });
    } catch (error) {
      if (error.status !== 401) throw error;
      this.#kept = null;
      this.dispatchEvent(new CustomEvent('ended'));
    }
  }

  // One tab at a time, where the browser can say so: over plain HTTP it cannot, and the key has to do.
  #exclusively(act) {
    const locks = globalThis.navigator?.locks;
    return locks ? locks.request(this.slot, act) : act();
  }

  // Asks something that needs no login: a registration, a pairing.
  ask(path, body) {
    return this.#post(path, body);
  }

  async #post(path, body, key) {
    const headers = { 'Content-Type': 'application/json', ...(key && { 'Idempotency-Key': key }) };
    const signal = AbortSignal.timeout(WITHIN);
    const response = await this.fetch(this.url + path, { method: 'POST', headers, body: JSON.stringify(body), signal });
    const answer = response.status === 204 ? null : await response.json();
    if (!response.ok) throw Object.assign(new Error(answer.message), { status: response.status, code: answer.code });
    return answer;
  }
}
