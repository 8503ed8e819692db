// The display's board is the server's: a service of every kind of event, folded here from the log alone, is what GET /board
// says; and no event of the restaurant is one that the fold has never heard of.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import './fakes.mjs';
import { Board } from '../../../src/screens/comanda.js';
import { FOLDS, NOT_ON_THE_BOARD } from '../../../src/screens/comanda/board.js';
import { Staff } from '../screens/house.mjs';
import { URL_ } from '../screens/where.mjs';

// What every stream says of itself, and the routes of declared entities where they are broadcast.
const NOT_EVENTS = /^(ready|resync|heartbeat|pong|seen|exception|auth(-.*)?|error)$/;
const ENTITIES = /^(get|create|update|replace|delete|duplicate)-(one|many)-|-(create|update|replace|delete|duplicate)-(one|many)$/;

const sorted = (object) => Object.fromEntries(Object.entries(object).sort());

async function log(staff) {
  const events = [];
  for (;;) {
    const page = await staff.ask('GET', `/events?after=${events.length}&limit=100`);
    if (!page.events.length) return { epoch: page.epoch, events };
    events.push(...page.events);
  }
}

async function service({ waiter, cook, expo, manager }) {
  const ask = (who, path, body = {}) => who.ask('POST', path, body);
  const first = await waiter.order(0, [{ name: 'Sopa' }, { name: 'Pan', qty: 2 }, { name: 'Vino' }], 'alergia');
  await cook.move(first, 0, 'IN_PROGRESS');
  await cook.move(first, 0, 'READY');
  await waiter.move(first, 0, 'SERVED');
  await waiter.move(first, 1, 'HELD');
  await waiter.late(first, { name: 'Postre', unitPrice: 4.25 });
  await waiter.ask('PATCH', `/orders/${first.id}/items/${first.items[2].id}`, { qty: 3, notes: 'frío' });
  await ask(cook, `/orders/${first.id}/ack`, { itemId: first.items[2].id });
  await ask(expo, `/orders/${first.id}/priority`, { priority: 4 });
  const second = await waiter.order(1, [{ name: 'Arroz' }, { name: 'Agua' }]);
  const { batchId } = await ask(cook, `/orders/${second.id}/bump`);
  await ask(cook, '/undo', { batchId });
  await cook.move(second, 0, 'IN_PROGRESS');
  await manager.move(second, 0, 'VOIDED', 'se cayó');
  await ask(cook, `/orders/${second.id}/ack`);
  const third = await waiter.order(2, [{ name: 'Tarta' }]);
  await ask(waiter, `/orders/${third.id}/cancel`);
  const fourth = await waiter.order(3, [{ name: 'Café' }]);
  await ask(cook, `/orders/${fourth.id}/bump`);
  await waiter.move(fourth, 0, 'SERVED');
  await ask(waiter, `/orders/${fourth.id}/close`);
  await ask(manager, `/orders/${fourth.id}/reopen`, { reason: 'cuenta' });
  await ask(waiter, `/orders/${fourth.id}/close`);
  await ask(waiter, `/table-sessions/${fourth.tableSessionId}/close`);
  // A counter order, and out again; the house's way to 000.
  const counter = await fetch(`${URL_}/orders`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${waiter.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ total: 12.5 }),
  });
  const { id } = await counter.json();
  await fetch(`${URL_}/orders/${id}/ship`, { method: 'PATCH', headers: { Authorization: `Bearer ${waiter.token}` } });
  const { tables } = await waiter.ask('GET', '/board');
  await ask(waiter, `/table-sessions/${first.tableSessionId}/move`, { tableId: tables[8].id });
  await ask(waiter, `/table-sessions/${second.tableSessionId}/merge`, { intoId: first.tableSessionId });
  const [dish] = await waiter.ask('GET', '/menu');
  await manager.ask('PUT', `/menu/items/${dish.id}/availability`, { state: 'available', remaining: 9 });
  const made = await ask(waiter, '/production-orders', { title: 'Folletos' });
  await waiter.ask('PATCH', `/production-orders/${made.id}`, { status: 'In Printing' });
  await manager.ask('DELETE', `/production-orders/${made.id}`);
}

test('folded from the log alone, the board is the one that the server shows', async () => {
  const staff = {};
  for (const role of ['waiter', 'expo', 'manager']) staff[role] = await Staff.login(`${role}@restaurante.com`);
  staff.cook = await Staff.login('kitchen@restaurante.com');
  await service(staff);
  const { epoch, events } = await log(staff.waiter);
  const shown = await staff.waiter.ask('GET', '/board');
  const board = new Board();
  board.load({ ...shown, epoch, seq: 0, orders: [], sessions: [] });
  for (const { event, data } of events) board.apply({ event, data });
  assert.deepEqual(board.position, { epoch: shown.epoch, seq: shown.seq });
  for (const order of shown.orders) assert.deepEqual(sorted(board.orders.get(order.id)), sorted(order), order.number);
  assert.ok(shown.orders.length >= 4);
  // Who opened a table is not told to displays.
  const seat = ({ openedBy, ...session }) => sorted(session);
  const sessions = [...board.sessions.values()].map(seat);
  assert.deepEqual(sessions, shown.sessions.map(seat));
  const heard = new Set(events.map(({ event }) => event));
  assert.deepEqual(Object.keys(FOLDS).filter((name) => !heard.has(name)), [], 'every fold was tried');
});

test('no event of the restaurant is unknown to the fold', async () => {
  const document = await (await fetch(`${URL_}/asyncapi.json`)).json();
  const channels = Object.entries(document.channels).filter(([, { address }]) => address === '/ws' || address.endsWith('/events/stream'));
  const names = channels.flatMap(([, { messages }]) => Object.entries(messages))
    .filter(([key]) => !key.endsWith('.asked') && !key.endsWith('.acknowledged') && key !== 'refused')
    .map(([, message]) => message.name ?? document.components.messages[message.$ref.split('/').at(-1)].name);
  const events = [...new Set(names)].filter((name) => !NOT_EVENTS.test(name) && !ENTITIES.test(name));
  assert.ok(events.includes('order.new'), `${events}`);
  assert.deepEqual(events.filter((name) => !(name in FOLDS) && !NOT_ON_THE_BOARD.includes(name)), []);
});
