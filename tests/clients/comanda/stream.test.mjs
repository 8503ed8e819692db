// Following the stream: every event once and in order, over lost links, gaps and boards that are read anew; and the truth
// about the link. The clock is ours.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import './fakes.mjs';
import { ComandaError, Stream } from '../../../src/screens/comanda.js';

const EPOCH = 'e1';
let clock = 0;

beforeEach(() => {
  clock = 0;
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
});
afterEach(() => mock.timers.reset());

// Timers and time go on together; what is awaited gets its turn.
async function pass(ms) {
  for (let left = ms; left > 0; left -= 250) {
    const step = Math.min(250, left);
    clock += step;
    mock.timers.tick(step);
    await settle();
  }
}
const settle = async () => { for (let n = 0; n < 20; n += 1) await Promise.resolve(); };

// A log, a board at any of its positions, and sockets that the test holds in its hand.
function house({ seq = 0 } = {}) {
  const log = Array.from({ length: seq }, (_, n) => n + 1);
  const sockets = [];
  const asked = [];
  const state = { epoch: EPOCH, answers: true, token: 'good' };
  const frame = (n) => ({ event: `e${n}`, data: { seq: n } });
  class Socket {
    readyState = 0;
    sent = [];
    constructor(url) { this.url = url; sockets.push(this); }
    send(text) { this.sent.push(JSON.parse(text)); }
    close() { this.readyState = 3; }
    open() { this.readyState = 1; this.onopen(); return this; }
    async say(event, data) { this.onmessage?.({ data: JSON.stringify({ event, data }) }); await settle(); }
    async ready(recovered = true) { await this.say('ready', { epoch: state.epoch, seq: log.length, recovered }); }
    async event(n) { await this.say(`e${n}`, { seq: n }); }
    async cut(code = 1006, reason = '') { this.readyState = 3; this.onclose?.({ code, reason }); await settle(); }
  }
  const api = {
    async get(path) {
      asked.push(path);
      if (!state.answers) throw new ComandaError('no network', { again: true });
      if (path.endsWith('/board')) {
        return { epoch: state.epoch, seq: log.length, serverTime: new Date().toISOString(), orders: [] };
      }
      const after = Number(/after=(\d+)/.exec(path)[1]);
      return { epoch: state.epoch, seq: log.length, events: log.slice(after, after + 3).map(frame) };
    },
  };
  const session = { expiresAt: Date.now() + 600_000, token: async () => state.token };
  const stream = new Stream({ url: 'http://house', api, session, WebSocket: Socket, now: () => clock, random: () => 0 });
  const heard = [];
  const links = [];
  const boards = [];
  const caught = [];
  stream.addEventListener('event', ({ detail }) => heard.push(detail.data.seq));
  stream.addEventListener('snapshot', ({ detail }) => boards.push(detail.seq));
  stream.addEventListener('link', ({ detail }) => links.push(detail.state));
  stream.addEventListener('caughtup', ({ detail }) => caught.push(detail.events.length));
  const live = async () => {
    stream.start();
    await settle();
    await sockets.at(-1).open().ready();
    return sockets.at(-1);
  };
  return { stream, log, sockets, asked, state, heard, links, boards, caught, live, add: (n) => log.push(n) };
}

test('the board first, then what comes after it, each once', async () => {
  const it = house({ seq: 3 });
  const socket = await it.live();
  assert.deepEqual(socket.sent[0], { event: 'auth', data: { token: 'good', epoch: EPOCH, since: 3 } });
  for (const n of [2, 3, 4, 4, 5]) await socket.event(n);
  assert.deepEqual([it.boards, it.heard, it.links], [[3], [4, 5], ['live']]);
  it.stream.stop();
});

test('a gap is read from the log before what came after it', async () => {
  const it = house();
  const socket = await it.live();
  for (let n = 1; n <= 9; n += 1) it.add(n);
  await socket.event(9);
  assert.deepEqual(it.heard, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  it.stream.stop();
});

test('a gap that cannot be read is a new link from the same position', async () => {
  const it = house();
  const socket = await it.live();
  [1, 2, 3].forEach(it.add);
  it.state.answers = false;
  await socket.event(3);
  assert.deepEqual([it.heard, it.links.at(-1)], [[], 'offline']);
  it.state.answers = true;
  await pass(500);
  const next = it.sockets[1].open();
  assert.equal(next.sent[0].data.since, 0);
  await next.ready();
  for (const n of [1, 2, 3]) await next.event(n);
  assert.deepEqual(it.heard, [1, 2, 3]);
  it.stream.stop();
});

test('resync, another epoch and a lost position mean the board anew', async () => {
  for (const how of ['resync', 'epoch', 'recovered']) {
    const it = house({ seq: 1 });
    const socket = await it.live();
    it.add(2);
    if (how === 'resync') {
      await socket.say('resync', { epoch: EPOCH, seq: 2 });
    } else {
      if (how === 'epoch') it.state.epoch = 'e2';
      await socket.cut();
      await pass(500);
      await it.sockets[1].open().ready(false);
    }
    assert.deepEqual(it.boards, [1, 2], how);
    await it.sockets.at(-1).event(3);
    assert.deepEqual(it.heard, [3], how);
    it.stream.stop();
  }
});

test('silence is told after 5 s, taken for a dead link after 9, and each beat takes it back', async () => {
  const it = house();
  const socket = await it.live();
  await pass(4500);
  assert.deepEqual(it.links, ['live']);
  await socket.say('heartbeat', { seq: 0, serverTime: new Date().toISOString() });
  await pass(5750);
  assert.deepEqual(it.links, ['live', 'stale']);
  await socket.say('heartbeat', { seq: 0, serverTime: new Date().toISOString() });
  assert.deepEqual(it.links, ['live', 'stale', 'live']);
  await pass(9750);
  assert.deepEqual(it.links.slice(3), ['stale', 'offline']);
  assert.equal(it.sockets.length, 2);
  it.stream.stop();
});

test('what happened while the link was down is told on return, and not at a start', async () => {
  const it = house({ seq: 2 });
  const socket = await it.live();
  await socket.event(3);
  await pass(3000);
  await socket.cut();
  await pass(500);
  const next = it.sockets[1].open();
  await next.ready();
  await next.event(4);
  await next.event(5);
  await pass(3000);
  await next.event(6);
  assert.deepEqual(it.caught, [2]);
  it.stream.stop();
});

test('who is to wait waits, who is not wanted stays away', async () => {
  for (const [code, reason, comesBack] of [
    [1012, 'SHUTTING_DOWN; retry in 3000 ms', 3000], [1008, 'FLOOD', 10_000], [4000, 'SLOW_CONSUMER', 250],
    [1008, 'FORBIDDEN', null], [4503, 'SUPERSEDED', null], [1009, '', null],
  ]) {
    const it = house();
    const socket = await it.live();
    await socket.cut(code, reason);
    if (comesBack === null) {
      await pass(30_000);
      assert.deepEqual([it.sockets.length, it.links.at(-1)], [1, 'ended'], reason);
    } else {
      await pass(comesBack - 250);
      assert.equal(it.sockets.length, 1, reason);
      await pass(500);
      assert.equal(it.sockets.length, 2, reason);
    }
    it.stream.stop();
  }
});

test('a login that is gone ends it, one that could be renewed does not', async () => {
  for (const token of ['another', null]) {
    const it = house();
    const socket = await it.live();
    it.state.token = token;
    await socket.cut(4500, 'INVALID_TOKEN');
    await pass(1500);
    assert.equal(it.sockets.length, token ? 2 : 1);
    assert.equal(it.links.at(-1), token ? 'offline' : 'ended');
    it.stream.stop();
  }
});

test('the server is told what was shown, at most once a second', async () => {
  const it = house();
  const socket = await it.live();
  await pass(1000);
  for (let n = 1; n <= 5; n += 1) await socket.event(n);
  await pass(1000);
  await socket.event(6);
  assert.deepEqual(socket.sent.slice(1).map(({ data }) => data.seq), [1, 6]);
  it.stream.stop();
});
