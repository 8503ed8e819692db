// The restaurant's stream over a plain WebSocket: the board first, then every event once and in order, over any number of
// lost links. What follows the protocol stands in the README under "Sockets".
//
// Events: snapshot (the board as GET /board has it), event {event, data}, caughtup {events, since}, and
//   link {state, heard, closed}   connecting: no link yet, trying
//                                 live: events come as they happen
//                                 stale: nothing was heard for 5 s; what is shown may be old
//                                 offline: the link is gone, trying
//                                 ended: the server wants no more of us; `closed` says why
// `heard` is when the server was last heard, in ms of Date.now(). `clock` is the server's.

import { Clock } from './clock.js';

// The server speaks at least every 2 s. So long without a word, in ms, and what is shown may be old.
export const STALE_AFTER = 5_000;
// And so long: the link is dead, whatever TCP says.
const DEAD_AFTER = 9_000;
const FIRST_WAIT = 250;
const LONGEST_WAIT = 10_000;
// The server is told what was shown at most once in so many ms.
const SEEN_EVERY = 1_000;
// What comes within so many ms of a return was missed.
const CAUGHT_UP_AFTER = 2_500;
// A token is renewed this long before its end, in ms.
const RENEW_BEFORE = 60_000;

const FLOOD = /^FLOOD/;
const RETRY_IN = /retry in (\d+) ms/;
// 4503: a newer connection took over. 1008 is final unless it was a flood.
const FINAL = new Set([1002, 1003, 1007, 1009, 4501, 4503]);
const LOGIN_GONE = new Set([4500, 4502]);

export class Stream extends EventTarget {
  // `{epoch, seq}` of what was applied last, or null.
  position = null;
  state = 'connecting';
  // `{code, reason}` of the server's last word, once it has ended.
  closed = null;
  heard = null;
  clock = new Clock();

  #socket = null;
  #running = false;
  #wait = FIRST_WAIT;
  #timers = {};
  #heardAt = -Infinity;
  #work = Promise.resolve();
  #caught = null;
  #fresh = false;
  #seen = 0;
  #toldAt = -Infinity;

  constructor({ url, api, session, WebSocket = globalThis.WebSocket, now = () => performance.now(), random = Math.random }) {
    super();
    Object.assign(this, { url, api, session, WebSocket, now, random });
  }

  start() {
    if (this.#running) return;
    this.#running = true;
    this.#timers.watch = setInterval(() => this.#watch(), 500);
    globalThis.addEventListener?.('online', this.#hurry);
    this.#connect();
  }

  stop() {
    this.#running = false;
    Object.values(this.#timers).forEach((timer) => { clearTimeout(timer); clearInterval(timer); });
    this.#timers = {};
    globalThis.removeEventListener?.('online', this.#hurry);
    this.#drop(1000);
  }

  // The board anew, as after a `resync`.
  reload() {
    return this.#enqueue(() => this.#load());
  }

  // The network says it is back: no need to wait out the pause.
  #hurry = () => {
    if (!this.#running || this.#socket) return;
    clearTimeout(this.#timers.retry);
    this.#wait = FIRST_WAIT;
    this.#connect();
  };

  async #connect() {
    let token;
    try {
      token = await this.session.token();
      this.#fresh = token && !this.position;
      if (this.#fresh) await this.#load();
    } catch (error) {
      if (error.status === 401) token = null;
      else return this.#again(error.after);
    }
    if (!this.#running || this.#socket) return;
    if (!token) return this.#ended(4500, 'signed out');
    const socket = new this.WebSocket(`${this.url.replace(/^http/, 'ws')}/ws`);
    this.#socket = socket;
    this.#heardAt = this.now();
    const { epoch, seq } = this.position;
    socket.onopen = () => socket.send(JSON.stringify({ event: 'auth', data: { token, epoch, since: seq } }));
    socket.onmessage = ({ data }) => this.#received(socket, data);
    socket.onclose = ({ code, reason }) => this.#closed(socket, code, reason);
  }

  #received(socket, text) {
    if (socket !== this.#socket) return;
    this.#heardAt = this.now();
    this.heard = Date.now();
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      return;
    }
    // One after another: a gap is filled before what came after it is looked at.
    this.#enqueue(() => (socket === this.#socket ? this.#take(frame) : undefined));
  }

  async #take({ event, data }) {
    const at = data?.serverTime && Date.parse(data.serverTime);
    if (at) this.clock.heard(at);
    switch (event) {
      case 'ready':
        this.#wait = FIRST_WAIT;
        this.#renewLater();
        if (data.recovered || this.#is(data)) this.#fresh || this.#catchUp();
        else await this.#load();
        return this.#link('live');
      case 'resync':
        return this.#load();
      case 'heartbeat':
        this.#told();
        if (this.state === 'stale') this.#link('live');
        return this.#caughtUp();
      case 'auth-refresh':
      case 'seen':
      case 'pong':
        return undefined;
      default:
        if (Number.isInteger(data?.seq)) await this.#numbered({ event, data });
        this.#told();
        if (this.state === 'stale') this.#link('live');
        return undefined;
    }
  }

  #is({ epoch, seq }) {
    return this.position?.epoch === epoch && this.position.seq === seq;
  }

  async #numbered(frame) {
    const { seq } = frame.data;
    if (seq <= this.position.seq) return;
    if (seq > this.position.seq + 1) await this.#fill(seq - 1);
    if (seq === this.position.seq + 1) this.#apply(frame);
  }

  // What is missing up to `last`, out of the log.
  async #fill(last) {
    while (this.position.seq < last) {
      const before = this.position.seq;
      const page = await this.api.get(`/api/v1/events?after=${before}&limit=100`);
      if (page.epoch !== this.position.epoch) return this.#load();
      for (const { event, data } of page.events) {
        if (data.seq === this.position.seq + 1 && data.seq <= last) this.#apply({ event, data });
      }
      if (this.position.seq === before) return this.#load();
    }
    return undefined;
  }

  #apply(frame) {
    this.position = { ...this.position, seq: frame.data.seq };
    this.#caught?.push(frame);
    this.#emit('event', frame);
  }

  async #load() {
    const board = await this.api.get('/api/v1/board');
    this.clock.heard(Date.parse(board.serverTime));
    this.heard = Date.now();
    this.position = { epoch: board.epoch, seq: board.seq };
    this.#caught = null;
    this.#emit('snapshot', board);
  }

  // What comes before the first heartbeat after a return, or soon where the house is too busy for one, was missed.
  #catchUp() {
    this.#caught = [];
    clearTimeout(this.#timers.caughtUp);
    this.#timers.caughtUp = setTimeout(() => this.#enqueue(() => this.#caughtUp()), CAUGHT_UP_AFTER);
  }

  #caughtUp() {
    clearTimeout(this.#timers.caughtUp);
    if (this.#caught?.length) this.#emit('caughtup', { events: this.#caught });
    this.#caught = null;
  }

  // Its display's lag is what the server knows of it.
  #told() {
    const { seq } = this.position;
    if (!this.#socket || seq === this.#seen || this.now() - this.#toldAt < SEEN_EVERY) return;
    this.#toldAt = this.now();
    this.#seen = seq;
    this.#say('seen', { seq });
  }

  #say(event, data) {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify({ event, data }));
  }

  async #renewLater() {
    clearTimeout(this.#timers.renew);
    const left = this.session.expiresAt - Date.now() - RENEW_BEFORE;
    this.#timers.renew = setTimeout(async () => {
      const token = await this.session.token({ renew: true }).catch(() => undefined);
      if (token) this.#say('auth-refresh', { token });
      if (this.#running) this.#renewLater();
    }, Math.max(5_000, left));
  }

  #watch() {
    if (!this.#socket) return;
    const silent = this.now() - this.#heardAt;
    if (silent > DEAD_AFTER) this.#closed(this.#socket, 0, 'silent');
    else if (silent > STALE_AFTER && this.state === 'live') this.#link('stale');
  }

  #closed(socket, code, reason) {
    if (socket !== this.#socket) return;
    this.#drop(1000);
    if (LOGIN_GONE.has(code)) return this.#relogin(code, reason);
    if (FINAL.has(code) || (code === 1008 && !FLOOD.test(reason))) return this.#ended(code, reason);
    const asked = FLOOD.test(reason) ? 10_000 : Number(RETRY_IN.exec(reason)?.[1] ?? 0);
    return this.#again(asked);
  }

  // The token may be old and the login good still: a renewal tells.
  async #relogin(code, reason) {
    try {
      if (await this.session.token({ renew: true })) return this.#again(1_000);
    } catch {
      return this.#again(1_000);
    }
    return this.#ended(code, reason);
  }

  #drop(code) {
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    try {
      socket.close(code);
    } catch {
      // It never opened.
    }
  }

  #again(asked = 0) {
    if (!this.#running) return;
    if (this.state !== 'connecting') this.#link('offline');
    const spread = this.#wait * (0.5 + this.random() / 2);
    this.#timers.retry = setTimeout(() => this.#connect(), Math.max(asked, spread));
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2);
  }

  #ended(code, reason) {
    this.#link('ended', { code, reason });
  }

  #link(state, closed = null) {
    this.state = state;
    this.closed = closed;
    this.#emit('link', { state, heard: this.heard, closed });
  }

  // A failure while taking one frame in is a link that must be made anew: the position says what is missing.
  #enqueue(act) {
    this.#work = this.#work.then(act).catch((error) => {
      if (error.status === undefined) globalThis.reportError?.(error);
      this.#drop(1000);
      this.#again(error.after);
    });
    return this.#work;
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
