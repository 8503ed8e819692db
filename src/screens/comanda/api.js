// Requests over REST: the token, a time limit, and errors that say whether to try again.

// Nobody waits for an answer longer than this, in ms. The server answers within 4.5 s, whatever happens behind it.
const WITHIN = 10_000;

// What went wrong with a request.
export class ComandaError extends Error {
  // `status` 0: no answer came. `again`: the same request may succeed later. `after`: not before so many ms.
  constructor(message, { status = 0, code = 'NO_ANSWER', again = false, after = 0, body = null } = {}) {
    super(message);
    Object.assign(this, { status, code, again, after, body });
  }

  static of(response, body) {
    const { status } = response;
    const code = body?.code ?? 'UNKNOWN';
    const again = status === 408 || status === 425 || status === 429 || status >= 500 || code === 'IDEMPOTENCY_IN_FLIGHT';
    const after = 1000 * (Number.parseInt(response.headers.get('Retry-After') ?? '', 10) || 0);
    const message = Array.isArray(body?.message) ? body.message.join('; ') : (body?.message ?? `HTTP ${status}`);
    return new ComandaError(message, { status, code, again, after, body });
  }
}

export class Api {
  constructor({ url, session, fetch = globalThis.fetch.bind(globalThis) }) {
    Object.assign(this, { url, session, fetch });
  }

  get(path) {
    return this.request({ method: 'GET', path });
  }

  // Every page of a list, up to `most` items: the server gives a hundred at a time.
  async list(path, most = 2_000) {
    const all = [];
    for (let next = `${path}${path.includes('?') ? '&' : '?'}limit=100`; next && all.length < most;) {
      const { answer, response } = await this.#ask({ method: 'GET', path: next });
      all.push(...answer);
      next = /<([^>]+)>; rel="next"/.exec(response.headers.get('Link') ?? '')?.[1];
    }
    return all;
  }

  // The answer's body. `key` makes a repetition harmless; `headers` is what else to say.
  async request(asked) {
    return (await this.#ask(asked)).answer;
  }

  async #ask({ method, path, body, key, headers = {} }) {
    let token = await this.#token(false);
    let response = await this.#send({ method, path, body, key, headers, token });
    if (response.status === 401) {
      token = await this.#token(true);
      response = await this.#send({ method, path, body, key, headers, token });
    }
    const text = await response.text().catch(() => null);
    if (text === null) throw new ComandaError('the answer broke off', { again: true });
    const answer = parse(text);
    if (response.ok) return { answer, response };
    throw ComandaError.of(response, answer);
  }

  async #token(renew) {
    const token = await this.session.token({ renew }).catch((error) => {
      throw new ComandaError(error.message, { status: error.status, again: true });
    });
    if (token) return token;
    throw new ComandaError('signed out', { status: 401, code: 'SIGNED_OUT' });
  }

  async #send({ method, path, body, key, headers, token }) {
    const all = { Authorization: `Bearer ${token}`, ...headers };
    if (body !== undefined) all['Content-Type'] = 'application/json';
    if (key) all['Idempotency-Key'] = key;
    const signal = AbortSignal.timeout(WITHIN);
    const text = body === undefined ? undefined : JSON.stringify(body);
    try {
      return await this.fetch(this.url + path, { method, headers: all, body: text, signal, cache: 'no-store' });
    } catch (error) {
      throw new ComandaError(error.message, { again: true });
    }
  }
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
