// The outbox: what was put into it reaches the server once, whatever breaks in between.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Disk, until } from './fakes.mjs';
import { ComandaError, Outbox } from '../../../src/screens/comanda.js';

const again = (status = 0, after = 0) => new ComandaError('later', { status, again: true, after });
const final = (status = 409) => new ComandaError('no', { status, code: 'ITEM_UNAVAILABLE' });

// A server that applies each key once, and an outbox of it. `meddle(call, n)` may throw before or after it is applied.
function house(meddle = () => {}, disk = new Disk()) {
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
  const outbox = new Outbox({ storage: disk, api, name: 'test', channel: null, random: () => 0 });
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

test('a lane that must wait holds no other up, and wake() ends the wait', async () => {
  let closed = true;
  const { outbox, paths } = house(({ path }) => { if (path === '/slow' && closed) throw again(503, 60_000); });
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

test('who is signed out keeps what is to be sent', async () => {
  let signedIn = false;
  const { outbox, paths } = house(() => { if (!signedIn) throw new ComandaError('signed out', { status: 401 }); });
  outbox.start();
  await outbox.add(post('/serve'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(outbox.waiting.length, 1);
  signedIn = true;
  outbox.wake();
  await until(() => paths().length === 1);
  outbox.stop();
});
