// What a kitchen display shows of a board: which lines at which station, how old, what is left elsewhere, and in which columns.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Board } from '../../../src/screens/comanda.js';
import { layout } from '../../../src/screens/screens/kitchen/layout.js';
import { Slots } from '../../../src/screens/screens/kitchen/slots.js';
import { Touch } from '../../../src/screens/screens/kitchen/touch.js';
import { allDay, missed, nextState, recent, tickets } from '../../../src/screens/screens/kitchen/tickets.js';

const NOW = Date.parse('2026-11-20T20:00:00Z');
const ago = (seconds) => new Date(NOW - seconds * 1000).toISOString();
const stations = [
  { name: 'grill', isDefault: true, warnAfterS: 300, lateAfterS: 480 },
  { name: 'cold', isDefault: false, warnAfterS: 60, lateAfterS: 120 },
];
let ids = 0;
const item = (more) => ({
  id: `i${(ids += 1)}`, name: 'Steak', qty: 1, unitPrice: '10.00', status: 'PENDING', notes: null, station: 'grill', attention: null,
  sentAt: ago(10), readyAt: null, batchId: null, version: 1, ...more,
});
const order = (number, items, more = {}) => ({
  id: `o${number}`, number, status: 'CONFIRMED', items, priority: 0, confirmedAt: ago(10), total: '0.00', version: 1, ...more,
});
const board = (...orders) => {
  const made = new Board();
  made.load({ epoch: 'e', seq: 1, orders, sessions: [], tables: [], stations });
  return made;
};
const numbers = (found) => found.map(({ order: { number } }) => number);

test('a station shows its lines, the default one also what names none it has', () => {
  const it = board(order(1, [item({}), item({ station: 'cold', qty: 3 }), item({ station: null, name: 'Soup' }), item({ station: 'gone' })]));
  const [grill] = tickets(it, { station: 'grill', now: NOW });
  assert.deepEqual([grill.lines.length, grill.elsewhere], [3, [{ station: 'cold', left: 3 }]]);
  const [cold] = tickets(it, { station: 'cold', now: NOW });
  assert.deepEqual([cold.lines.length, cold.elsewhere], [1, [{ station: 'grill', left: 3 }]]);
  const [all] = tickets(it, { station: null, now: NOW });
  assert.deepEqual([all.lines.length, all.elsewhere], [4, []]);
});

test('a ticket is there as long as there is something to do or to see', () => {
  for (const [line, shown] of [
    [{ status: 'PENDING' }, true], [{ status: 'IN_PROGRESS' }, true], [{ status: 'HELD' }, true], [{ status: 'READY' }, false],
    [{ status: 'SERVED' }, false], [{ status: 'CANCELLED' }, false], [{ status: 'VOIDED', attention: 'VOIDED' }, true],
    [{ status: 'CANCELLED', attention: 'VOIDED' }, true], [{ status: 'READY', attention: 'CHANGED' }, false],
  ]) {
    assert.equal(tickets(board(order(1, [item(line)])), { station: 'grill', now: NOW }).length, shown ? 1 : 0, JSON.stringify(line));
  }
});

test('more urgent first, then as they came; as old as the oldest line that is to be made', () => {
  const it = board(
    order(3, [item({ sentAt: ago(299) })]),
    order(2, [item({ sentAt: ago(900), status: 'READY' }), item({ sentAt: ago(301) })]),
    order(1, [item({ sentAt: ago(481) }), item({ sentAt: ago(5) })]),
    order(4, [item({})], { priority: 5 }),
  );
  const found = tickets(it, { station: 'grill', now: NOW });
  assert.deepEqual(numbers(found), [4, 1, 2, 3]);
  assert.deepEqual(found.map(({ level }) => level), ['fresh', 'late', 'warn', 'fresh']);
});

test('all-day counts what is to be made, notes apart', () => {
  const it = board(
    order(1, [item({ qty: 2 }), item({ qty: 1, notes: 'rare' }), item({ status: 'READY' }), item({ status: 'HELD' })]),
    order(2, [item({ qty: 3, status: 'IN_PROGRESS' }), item({ name: 'Salad', station: 'cold', qty: 9 })]),
  );
  assert.deepEqual(allDay(it, { station: 'grill' }), [
    { name: 'Steak', notes: null, qty: 5, started: 3 },
    { name: 'Steak', notes: 'rare', qty: 1, started: 0 },
  ]);
});

test('what was done lately, a bump each, last first, for fifteen minutes', () => {
  const done = (seconds, batchId) => item({ status: 'READY', readyAt: ago(seconds), batchId });
  const it = board(order(1, [done(60, 'b1'), done(59, 'b1'), done(30, null)]), order(2, [done(901, 'b2'), item({})]));
  const found = recent(it, { station: 'grill', now: NOW });
  assert.deepEqual(found.map(({ batchId, lines }) => [batchId, lines.length]), [[null, 1], ['b1', 2]]);
});

test('one tap is the next state', () => {
  for (const [line, next] of [
    [{ status: 'PENDING' }, 'IN_PROGRESS'], [{ status: 'IN_PROGRESS' }, 'READY'], [{ status: 'READY' }, 'IN_PROGRESS'],
    [{ status: 'HELD' }, null], [{ status: 'SERVED' }, null], [{ status: 'VOIDED', attention: 'VOIDED' }, 'SEEN'],
  ]) {
    assert.equal(nextState(item(line)), next);
  }
  const told = missed([
    { event: 'order.new', data: {} }, { event: 'order.items.added', data: { items: [1, 2] } },
    { event: 'order.item.status.changed', data: { newStatus: 'VOIDED' } }, { event: 'order.closed', data: {} },
  ]);
  assert.deepEqual(told, { news: 1, changes: 2, voids: 1 });
});

test('columns: whole where it fits, continued where it cannot, nothing lost or moved before its elders', () => {
  const [room, continued] = [{ height: 100, gap: 10 }, 20];
  const ticket = (key, lines, line = 20) => ({ key, head: 20, lines: Array(lines).fill(line), foot: 0, continued });
  const pieces = (list) => layout(list, room).map((column) => column.map(({ key, from, to }) => `${key}${from}-${to}`).join(' '));
  assert.deepEqual(pieces([ticket('a', 1), ticket('b', 1)]), ['a0-1 b0-1']);
  assert.deepEqual(pieces([ticket('a', 3), ticket('b', 2)]), ['a0-3', 'b0-2']);
  assert.deepEqual(pieces([ticket('a', 9)]), ['a0-4', 'a4-8', 'a8-9']);
  assert.deepEqual(pieces([ticket('a', 0), ticket('b', 1, 500)]), ['a0-0', 'b0-1']);
  // Any tickets: each line once, in order; no column above its height but by a single line that is taller.
  let seed = 7;
  const random = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % n; };
  for (let round = 0; round < 500; round += 1) {
    const list = Array.from({ length: random(12) }, (_, n) => ({
      key: n, head: 10 + random(30), lines: Array.from({ length: random(15) }, () => 5 + random(40)), foot: random(10), continued,
    }));
    const columns = layout(list, room);
    const seen = new Map(list.map(({ key }) => [key, 0]));
    let youngest = 0;
    for (const column of columns) {
      let used = 0;
      for (const { key, from, to, first, last, top, height } of column) {
        const it = list[key];
        assert.ok(key >= youngest && from === seen.get(key));
        youngest = key;
        seen.set(key, to);
        used += used ? room.gap : 0;
        assert.equal(top, used);
        used += (first ? it.head : continued) + it.lines.slice(from, to).reduce((a, b) => a + b, 0) + (last ? it.foot : 0);
        assert.equal(top + height, used);
        assert.equal(last, to === it.lines.length);
      }
      assert.ok(used <= room.height || column.at(-1).to - column.at(-1).from <= 1, `${used}`);
    }
    for (const { key, lines } of list) assert.equal(seen.get(key), lines.length);
  }
});

test('a ticket that left keeps its place for a while, whoever took it; one that comes back has it again', () => {
  const all = [1, 2, 3].map((number) => order(number, [item({})]));
  const shown = (slots, at, ...gone) =>
    slots.keep(tickets(board(...all.filter(({ number }) => !gone.includes(number))), { station: 'grill', now: NOW }), at)
      .map(({ order: { number }, gone: left }) => `${number}${left ? ' gone' : ''}`);
  const slots = new Slots(5_000);
  assert.deepEqual(shown(slots, 0), ['1', '2', '3']);
  assert.deepEqual(shown(slots, 100, 1), ['1 gone', '2', '3']);
  assert.deepEqual(shown(slots, 5_000, 1, 2), ['1 gone', '2 gone', '3']);
  assert.deepEqual(shown(slots, 5_100, 1, 2), ['2 gone', '3']);
  assert.deepEqual(shown(slots, 5_200, 1), ['2', '3']);
  assert.deepEqual(shown(slots, 90_000, 1), ['2', '3']);
  assert.deepEqual(shown(slots, 90_100), ['1', '2', '3']);
  slots.forget();
  assert.deepEqual(shown(slots, 90_200, 3), ['1', '2']);
});

test('a tap counts where nothing else was half a second before it', () => {
  const at = (order, top, lines = ['a', 'b']) => ({ order, lines, head: 20, heights: lines.map(() => 30), left: 0, width: 100, top, height: 80 });
  const touch = new Touch();
  touch.drew([at('one', 0), at('two', 100)], ['one', 'two'], 0);
  const head = (order) => touch.meant({ order }, { x: 50, y: 10 }, 1_400);
  // The first moment of a wall is nobody's mistake.
  assert.ok(touch.meant({ order: 'one' }, { x: 50, y: 10 }, 100));
  assert.deepEqual([head('one'), touch.nth(1, 900)], [true, 'one']);
  // The first left at 1000, and the second moved up under the finger.
  touch.drew([at('two', 0)], ['two'], 1_000);
  assert.deepEqual([head('two'), touch.nth(1, 1_400)], [false, undefined]);
  assert.ok(touch.meant({ order: 'two' }, { x: 50, y: 10 }, 1_500));
  assert.equal(touch.nth(1, 1_500), 'two');
  // A line that grew pushes the next one down; where nothing was before, nobody aimed at anything.
  touch.drew([at('two', 0, ['a', 'new', 'b']), at('three', 200)], ['two', 'three'], 2_000);
  const line = (id, y) => touch.meant({ order: 'two', item: id }, { x: 50, y }, 2_100);
  assert.deepEqual([line('a', 30), line('new', 60), line('b', 79)], [true, false, true]);
  assert.ok(touch.meant({ order: 'three' }, { x: 50, y: 210 }, 2_100));
  // However many drawings come, one from before the reaction is remembered.
  for (let now = 3_000; now < 4_000; now += 16) touch.drew([at('two', 0)], ['two'], now);
  touch.drew([at('three', 0)], ['three'], 4_000);
  assert.ok(!touch.meant({ order: 'three' }, { x: 50, y: 10 }, 4_300));
});
