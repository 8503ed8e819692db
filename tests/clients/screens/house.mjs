// The house as tests fill it: orders by REST, as tablets make them.

import assert from 'node:assert/strict';
import { PASSWORD, URL_ } from './where.mjs';

// In ms: guests of a lunch hour go one after another.
const PATIENCE = 60_000;
const UNKEYED = new Set(['GET', 'PUT']);
const LOOK_EVERY = 100;

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// Until it is so.
export async function until(so) {
  const end = Date.now() + PATIENCE;
  while (!(await so())) {
    assert.ok(Date.now() < end, String(so));
    await pause(LOOK_EVERY);
  }
}

// What is promised to take at most so many ms: `act` says how long it took. The best of three tries counts, since others use
// the machine as well.
export async function keeps(ms, act) {
  const took = [];
  do took.push(await act()); while (took.at(-1) > ms && took.length < 3);
  assert.ok(took.at(-1) <= ms, `took ${took} ms, not ${ms}`);
}

export class Staff {
  static async login(email) {
    const body = JSON.stringify({ email, password: PASSWORD });
    const headers = { 'Content-Type': 'application/json' };
    const answer = await (await fetch(`${URL_}/api/v1/auth/login`, { method: 'POST', headers, body })).json();
    return Object.assign(new Staff(), { token: answer.accessToken });
  }

  // As whoever is told to come back: asks again under the same key, until a busy server has done it.
  async ask(method, path, body) {
    const headers = { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' };
    if (!UNKEYED.has(method)) headers['Idempotency-Key'] = crypto.randomUUID();
    for (const end = Date.now() + PATIENCE; ;) {
      const response = await fetch(`${URL_}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
      const answer = response.status === 204 ? null : await response.json();
      if (response.ok) return answer;
      const later = response.status === 503 || answer.code === 'IDEMPOTENCY_IN_FLIGHT';
      if (!later || Date.now() > end) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
      await pause(1_000 * Number(response.headers.get('retry-after') ?? 1));
    }
  }

  // A session at the n-th table, the open one if there is one.
  async seated(n) {
    const { tables, sessions } = await this.ask('GET', '/board');
    const table = tables[n % tables.length];
    return sessions.find(({ tableId }) => tableId === table.id) ?? this.ask('POST', '/table-sessions', { tableId: table.id, covers: 2 });
  }

  // A confirmed order of `lines`, `{name, qty?, unitPrice?, notes?, station?, menuItemId?}` each.
  async order(table, lines, note) {
    const session = await this.seated(table);
    const { id } = await this.ask('POST', '/orders', { tableSessionId: session.id, ...(note && { note }) });
    for (const line of lines) await this.ask('POST', `/orders/${id}/items`, { qty: 1, unitPrice: 9.5, ...line });
    return this.ask('POST', `/orders/${id}/confirm`);
  }

  late(order, line) {
    return this.ask('POST', `/orders/${order.id}/items`, { qty: 1, unitPrice: 9.5, ...line });
  }

  move(order, at, status, reason) {
    return this.ask('POST', `/orders/${order.id}/items/${order.items[at].id}/status`, { status, ...(reason && { reason }) });
  }
}

// Does `act` for each of `list`, some at once; what is so many places apart is done one after the other.
export async function inLanes(list, act, lanes = 6) {
  const lane = async (first) => {
    for (let n = first; n < list.length; n += lanes) await act(list[n], n);
  };
  await Promise.all(Array.from({ length: lanes }, (_, first) => lane(first)));
}

// Ends the service: nothing of one test is on the next one's wall, and every table is free.
export async function clear(manager) {
  const { orders, sessions } = await manager.ask('GET', '/board');
  await inLanes(orders, async ({ id, status }) => {
    if (status !== 'SERVED' && status !== 'CANCELLED') await manager.ask('POST', `/orders/${id}/cancel`, { reason: 'cleared' });
    await manager.ask('POST', `/orders/${id}/ack`, {});
  });
  for (const { id, tableId } of sessions) {
    for (const { id: order } of await manager.ask('GET', `/orders?table=${tableId}&status=SERVED&limit=100`)) {
      await manager.ask('POST', `/orders/${order}/close`);
    }
    for (const { id: order } of await manager.ask('GET', `/orders?table=${tableId}&status=DRAFT&limit=100`)) {
      await manager.ask('POST', `/orders/${order}/cancel`, { reason: 'cleared' });
    }
    await manager.ask('POST', `/table-sessions/${id}/close`);
  }
}
