// The outbox: what was put into it reaches the server once, whatever breaks in between.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Disk, until } from './fakes.mjs';
import { ComandaError, Outbox } from '../../../src/screens/comanda.js';

const again = (status = 0, after = 0) => new ComandaError('later', { status, again: true, after });
const final = (status = 409) => new ComandaError('no', { status, code: 'ITEM_UNAVAILABLE' });

// A server that applies each key once, and an outbox of it. `meddle(call, n)` may throw before or after it is applied.
function house(meddle = () => {}, disk = new Disk(), { owner, channel = null, random = () => 0 } = {}) {
  const applied = new Map();
  const calls = [];
  const api = {
    async request(call) {
      calls.push(call);
      const after = await meddle(call, calls.length);
      if (!applied.has(call.key)) applied.set(call.key, { id: `id${applied.size}`, path: call.path, body: call.body });
      after?.();
      return applied.get(call.key);
    },
  };
  const outbox = new Outbox({ storage: disk, api, name: 'test', owner, channel, random });
  return { applied, calls, disk, outbox, paths: () => [...applied.values()].map(({ path }) => path) };
}

const post = (path, more = {}) => ({ method: 'POST', path, body: {}, ...more });

test('entries of a lane arrive in order, each once, under a key of its own', async () => {
  const { outbox, applied, paths, disk } = house();
  outbox.start();
  for (const n of [1, 2, 3]) await outbox.add(post(`/${n}`, { lane: 'table 4' }));
  await until(() => outbox.entries.length === 0);
  assert.deepEqual(paths(), ['/1', '/2', '/3']);
  assert.equal(new Set(applied.keys()).size, 3);
  assert.equal(disk.kept.size, 0);
  outbox.stop();
});

test('a lost answer is asked for again under the same key', async () => {
  const lost = () => { throw again(); };
  const { outbox, applied, calls } = house((_, n) => (n < 3 ? lost : undefined));
  outbox.start();
  await outbox.add(post('/bump'));
  await until(() => outbox.entries.length === 0, 5000);
  assert.equal(calls.length, 3);
  assert.equal(applied.size, 1);
  outbox.stop();
});

test('an entry is on the disk before it leaves, and another page sends it', async () => {
  const disk = new Disk();
  const first = house(() => { throw again(503); }, disk);
  first.outbox.start();
  await first.outbox.add(post('/confirm'));
  await until(() => first.calls.length === 1);
  first.outbox.stop();
  const second = house(undefined, disk);
  await second.outbox.open();
  second.outbox.start();
  await until(() => second.outbox.entries.length === 0);
  assert.equal(second.calls[0].key, first.calls[0].key);
  second.outbox.stop();
});

test('later steps name what earlier ones answered, and done ones are not done again', async () => {
  let broken = true;
  const { outbox, calls } = house(({ path }) => {
    if (path.endsWith('/confirm') && broken) {
      broken = false;
      throw again();
    }
  });
  outbox.start();
  const steps = [post('/orders'), post('/orders/{0.id}/items', { body: { order: '{0.id}' } }), post('/orders/{0.id}/confirm')];
  await outbox.add({ steps });
  await until(() => outbox.entries.length === 0, 5000);
  assert.deepEqual(calls.map(({ path }) => path), ['/orders', '/orders/id0/items', '/orders/id0/confirm', '/orders/id0/confirm']);
  assert.deepEqual(calls[1].body, { order: 'id0' });
  outbox.stop();
});

test('a refusal is told and kept until it is dismissed; what follows goes on', async () => {
  const { outbox, paths } = house(({ path }) => { if (path === '/sold-out') throw final(); });
  const refused = [];
  outbox.addEventListener('refused', ({ detail }) => refused.push(detail.error.code));
  outbox.start();
  const entry = await outbox.add(post('/sold-out', { lane: 'a' }));
  await outbox.add(post('/next', { lane: 'a' }));
  await until(() => paths().includes('/next'));
  assert.deepEqual(refused, ['ITEM_UNAVAILABLE']);
  assert.deepEqual(outbox.entries.map(({ id, error }) => [id, error.code]), [[entry.id, 'ITEM_UNAVAILABLE']]);
  await outbox.dismiss(entry.id);
  assert.equal(outbox.entries.length, 0);
  outbox.stop();
});

// A pause so long that no test sees its end.
const LONG = { random: () => 1_000_000 };

test('a lane that must wait holds no other up, and wake() ends the wait', async () => {
  let closed = true;
  const { outbox, paths } = house(({ path }) => { if (path === '/slow' && closed) throw again(503); }, undefined, LONG);
  outbox.start();
  await outbox.add(post('/slow', { lane: 'a' }));
  await outbox.add(post('/quick', { lane: 'b' }));
  await until(() => paths().includes('/quick'));
  assert.deepEqual(paths(), ['/quick']);
  closed = false;
  outbox.wake();
  await until(() => paths().includes('/slow'));
  outbox.stop();
});

// wake() was called by every add() and forgot all pauses: each tap on a tablet asked again of a server that had said "later".
test('neither what comes after it nor wake() shortens the pause that the server asked for', async () => {
  const asked = [];
  const meddle = ({ path }) => {
    asked.push(path);
    if (path === '/busy') throw again(429, 60_000);
    if (path === '/away') throw again(0);
  };
  const { outbox } = house(meddle, undefined, LONG);
  outbox.start();
  await outbox.add(post('/busy', { lane: 'a' }));
  await outbox.add(post('/away', { lane: 'b' }));
  await until(() => asked.length === 2);
  await outbox.add(post('/other', { lane: 'c' }));
  await until(() => asked.includes('/other'));
  assert.deepEqual(asked, ['/busy', '/away', '/other'], 'another lane ends no pause');
  outbox.wake();
  await until(() => asked.length === 4);
  await outbox.add(post('/last', { lane: 'd' }));
  await until(() => asked.includes('/last'));
  assert.deepEqual(asked, ['/busy', '/away', '/other', '/away', '/last'], 'the server asked for a minute');
  outbox.stop();
});

test('what was stopped can be started again, and tells other tabs as before', async () => {
  const told = [];
  class Channel {
    postMessage() {
      assert.ok(!this.closed, 'a closed channel throws');
      told.push(this);
    }
    close() { this.closed = true; }
  }
  let answer;
  const { outbox, paths } = house(({ path }) => (path === '/first' ? new Promise((resolve) => { answer = () => resolve(); }) : undefined), undefined, { channel: Channel });
  await outbox.open();
  outbox.start();
  await outbox.add(post('/first'));
  await until(() => answer);
  // Its answer comes to a page that is going.
  outbox.stop();
  answer();
  await until(() => outbox.entries.length === 0);
  outbox.start();
  await outbox.add(post('/second'));
  await until(() => paths().includes('/second') && outbox.entries.length === 0);
  assert.equal(new Set(told).size, 2);
  outbox.stop();
});

// A bump whose answer was lost was forgotten by "undo": the kitchen had it back on the wall, and the server had it as done.
test('taken back: what never left is forgotten, what may have left is undone after its answer, what was answered is the caller’s', async () => {
  const how = { step: post('/undo', { body: { batch: '{0.id}' } }), meta: 'taken' };
  const { outbox, calls, paths } = house((_, n) => (n === 1 ? () => { throw again(); } : undefined), undefined, LONG);
  const never = await outbox.add(post('/never'));
  assert.equal(await outbox.withdraw(never.id, how), 'forgotten');
  const lost = await outbox.add(post('/bump', { lane: 'a' }));
  outbox.start();
  await until(() => calls.length === 1);
  assert.equal(await outbox.withdraw(lost.id, how), 'undone');
  assert.deepEqual(outbox.waiting.map(({ meta }) => meta), ['taken']);
  outbox.wake();
  await until(() => outbox.entries.length === 0);
  assert.deepEqual(paths(), ['/bump', '/undo']);
  assert.equal(calls[1].key, calls[0].key, 'asked again, not done again');
  assert.deepEqual(calls[2].body, { batch: 'id0' });
  assert.equal(await outbox.withdraw(lost.id, how), 'answered');
  outbox.stop();
});

test('taken back while it is on its way, it waits for the answer', async () => {
  let answer;
  const { outbox, paths } = house(({ path }) => (path === '/bump' ? new Promise((resolve) => { answer = () => resolve(); }) : undefined));
  outbox.start();
  const entry = await outbox.add(post('/bump', { lane: 'a' }));
  await until(() => answer);
  const taken = outbox.withdraw(entry.id, { step: post('/undo'), meta: null });
  answer();
  assert.equal(await taken, 'answered');
  assert.deepEqual(paths(), ['/bump']);
  outbox.stop();
});

// A tablet is handed on: the next one to sign in sent what the one before had tapped, to another restaurant even.
test('what one login put in is neither shown to another nor sent by it, and leaves when the first is back', async () => {
  let who = 'house/ana';
  const { outbox, paths, disk } = house(undefined, undefined, { owner: () => who });
  await outbox.open();
  await outbox.add(post('/by-ana', { lane: 'a' }));
  who = 'other/ben';
  const second = house(undefined, disk, { owner: () => who });
  await second.outbox.open();
  second.outbox.start();
  await second.outbox.add(post('/by-ben', { lane: 'a' }));
  await until(() => second.paths().length === 1 && second.outbox.entries.length === 0);
  assert.deepEqual([second.paths(), second.outbox.parked.length], [['/by-ben'], 1]);
  // A page of the first that is still open finds that it is signed in as another.
  outbox.start();
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  assert.deepEqual([paths(), outbox.waiting.length], [[], 1]);
  who = 'house/ana';
  outbox.wake();
  await until(() => outbox.entries.length === 0);
  assert.deepEqual(paths(), ['/by-ana']);
  [outbox, second.outbox].forEach((one) => one.stop());
});

test('who is signed out keeps what is to be sent', async () => {
  let signedIn = false;
  const { outbox, calls, paths } = house(() => { if (!signedIn) throw new ComandaError('signed out', { status: 401 }); });
  outbox.start();
  await outbox.add(post('/serve'));
  // It comes again, so it was kept when it was refused.
  await until(() => (outbox.wake(), calls.length > 1));
  assert.equal(outbox.waiting.length, 1);
  signedIn = true;
  outbox.wake();
  await until(() => paths().length === 1);
  outbox.stop();
});
