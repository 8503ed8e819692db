// comanda's client: signed in, following the restaurant, sending what may not be lost. For browsers, without a build step.
//
//   import { Comanda } from '/comanda.js';
//   const comanda = new Comanda({ name: 'kitchen' });
//   await comanda.open();                        // what was on the screen last, from this machine, without a network
//   comanda.addEventListener('change', () => draw(comanda.board));
//   comanda.start();                             // the board, then every event after it, for as long as it takes
//   comanda.send({ method: 'POST', path: `/api/v1/orders/${id}/bump`, body: {} });
//
// Events of a Comanda, all CustomEvents:
//   change              the board is another one: draw again
//   event {event, data} one event of the stream, in order, once; data.seq is its number
//   caughtup {events}   what happened while the link was down
//   link {state, …}     see Stream
//   outbox              an entry came, left, or was refused
//   refused {entry, error}  the server will never take this entry
//   signedout           the login has ended; sign in again
//
// The parts serve alone as well.
export { Api, ComandaError } from './comanda/api.js';
export { Board } from './comanda/board.js';
export { Outbox } from './comanda/outbox.js';
export { Session } from './comanda/session.js';
export { Storage } from './comanda/storage.js';
export { Stream } from './comanda/stream.js';
export { randomKey } from './comanda/keys.js';

import { Api } from './comanda/api.js';
import { Board } from './comanda/board.js';
import { Outbox } from './comanda/outbox.js';
import { Session } from './comanda/session.js';
import { Storage } from './comanda/storage.js';
import { Stream } from './comanda/stream.js';

// How long after the last change the board is kept for the next start, in ms: at 20 events a second it is not written 20 times.
const KEEP_AFTER = 1000;

export class Comanda extends EventTarget {
  #keeping = null;

  // `url`: the server's origin, this page's by default. `name`: whose things these are on this machine: two pages with
  // the same name share their outbox. `session`: the name of the login they share with others, by default 'user'.
  constructor({ url = globalThis.location?.origin, name = 'comanda', session = 'user', ...parts } = {}) {
    super();
    this.name = name;
    this.storage = parts.storage ?? new Storage(name);
    this.session = parts.session ?? new Session({ url, name: session });
    this.api = parts.api ?? new Api({ url, session: this.session });
    this.board = new Board();
    this.outbox = parts.outbox ?? new Outbox({ storage: this.storage, api: this.api, name, owner: () => this.session.owner });
    this.stream = parts.stream ?? new Stream({ url, api: this.api, session: this.session });
    this.#listen();
  }

  // Brings back what this machine keeps. True where it kept a board.
  async open() {
    await this.storage.open();
    await this.outbox.open();
    const kept = await this.storage.get('board');
    const ours = kept && kept.restaurant === this.session.restaurant;
    if (ours) {
      this.board.restore(kept);
      this.stream.position = this.board.position;
      this.stream.heard = kept.heard ?? null;
    }
    return Boolean(ours);
  }

  start() {
    this.stream.start();
    this.outbox.start();
  }

  stop() {
    this.stream.stop();
    this.outbox.stop();
    return this.#keep();
  }

  // Puts a request into the outbox, which sends it until the server has taken or refused it. Resolves to its entry
  // once it is kept on this machine.
  send(request) {
    return this.outbox.add(request);
  }

  // Brings orders onto the board that have left the server's, as what a table ate an hour ago: `query` as of GET /orders.
  async fetchOrders(query) {
    try {
      this.board.merge(await this.api.get(`/api/v1/orders?limit=100&${query}`));
      this.dispatchEvent(new CustomEvent('change', { detail: { whole: true } }));
    } catch (error) {
      // The link says that the server is away; what is here serves on.
      if (!error.again && error.status !== 401) throw error;
    }
  }

  async signOut() {
    this.stop();
    await this.session.logout();
    await this.storage.delete('board');
  }

  #listen() {
    const tell = (name, detail) => this.dispatchEvent(new CustomEvent(name, { detail }));
    this.stream.addEventListener('snapshot', ({ detail }) => {
      this.board.load(detail);
      this.#keepSoon();
      tell('change', { whole: true });
    });
    this.stream.addEventListener('event', ({ detail }) => {
      this.board.apply(detail);
      this.#keepSoon();
      tell('event', detail);
      tell('change', detail);
    });
    this.stream.addEventListener('caughtup', ({ detail }) => tell('caughtup', detail));
    this.stream.addEventListener('link', ({ detail }) => {
      if (detail.state === 'live') this.outbox.wake();
      tell('link', detail);
    });
    this.outbox.addEventListener('change', () => tell('outbox'));
    this.outbox.addEventListener('refused', ({ detail }) => tell('refused', detail));
    this.session.addEventListener('ended', () => tell('signedout'));
  }

  #keepSoon() {
    this.#keeping ??= setTimeout(() => this.#keep(), KEEP_AFTER);
  }

  async #keep() {
    clearTimeout(this.#keeping);
    this.#keeping = null;
    if (this.board.position) {
      const { heard } = this.stream;
      await this.storage.put('board', { ...this.board.snapshot(), restaurant: this.session.restaurant, heard });
    }
  }
}
