// The place of a ticket that has gone, whoever bumped it, stays for a while: nothing moves up under a finger at once. Pure.

import { urgent } from './tickets.js';

export class Slots {
  #left = new Map();
  #shown = new Map();

  // `grace`: how long a place stays, in ms.
  constructor(grace) {
    this.grace = grace;
  }

  // The tickets to be shown: `found`, and among them, marked as `gone`, what has left since the last call and a moment ago.
  // `now`: any clock, in ms.
  keep(found, now) {
    const there = new Map(found.map((ticket) => [ticket.order.id, ticket]));
    for (const [id, ticket] of this.#shown) {
      if (!there.has(id)) this.#left.set(id, { ticket: { ...ticket, gone: true }, until: now + this.grace });
    }
    for (const [id, { until }] of this.#left) if (there.has(id) || until <= now) this.#left.delete(id);
    this.#shown = there;
    const gone = [...this.#left.values()].map(({ ticket }) => ticket);
    return gone.length ? [...found, ...gone].sort(urgent) : found;
  }

  // Another station's tickets: none of those before has a place there.
  forget() {
    this.#left.clear();
    this.#shown.clear();
  }
}
