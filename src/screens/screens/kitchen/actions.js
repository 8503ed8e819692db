// What taps ask of the server, through the outbox: each is kept before it leaves, and sent until it is answered.

import { nextState } from './tickets.js';

const undoing = (batchId) => ({ method: 'POST', path: '/api/v1/undo', body: { batchId } });

const MADE_FROM = new Set(['PENDING', 'IN_PROGRESS']);

export class Actions {
  constructor(comanda) {
    this.comanda = comanda;
  }

  // Every line of the ticket that is to be made is ready.
  bump({ order, lines }, stationId) {
    const made = lines.filter(({ status }) => MADE_FROM.has(status));
    const unseen = lines.filter(({ attention }) => attention === 'VOIDED');
    unseen.forEach((item) => this.see(order, item));
    if (!made.length) return null;
    const meta = { kind: 'bump', items: made.map(({ id }) => id), was: made.map(({ status }) => status) };
    return this.#send(order, 'bump', { ...(stationId && { stationId }) }, meta);
  }

  // A line's next state.
  tap(order, item) {
    const to = nextState(item);
    if (to === 'SEEN') return this.see(order, item);
    if (!to) return null;
    const body = { status: to, expectedStatus: item.status };
    return this.#send(order, `items/${item.id}/status`, body, { kind: 'line', item: item.id, to });
  }

  // What changed on a line was seen; on the whole order without one.
  see(order, item) {
    const meta = { kind: 'seen', items: item ? [item.id] : order.items.map(({ id }) => id) };
    return this.#send(order, 'ack', item ? { itemId: item.id } : {}, meta);
  }

  // Takes back a bump that may be waiting still; `answered` is a promise of its answer. What has not left is forgotten, what
  // may have is undone by the batch that its answer names.
  async takeBack(entry, answered, order) {
    const taken = { step: undoing('{0.batchId}'), meta: { ...entry.meta, kind: 'taken' } };
    if (await this.comanda.outbox.withdraw(entry.id, taken) !== 'answered') return;
    const { batchId } = await answered;
    if (batchId) await this.undo({ order, batchId });
  }

  // Takes a bump back, with the times that were.
  undo({ order, batchId }) {
    return this.comanda.send({ ...undoing(batchId), lane: order.id, label: `#${order.number}`, meta: { kind: 'undo', order: order.id, items: [] } });
  }

  #send(order, path, body, meta) {
    const request = { method: 'POST', path: `/api/v1/orders/${order.id}/${path}`, body };
    return this.comanda.send({ ...request, lane: order.id, label: `#${order.number}`, meta: { ...meta, order: order.id } });
  }
}
