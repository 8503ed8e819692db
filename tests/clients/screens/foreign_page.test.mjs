// A page of another origin in a real browser, with a stolen token in its hands: whatever it tries, it reads nothing, hears
// nothing and changes nothing. The same page of an origin that is let in shows that each of its tries works.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { PASSWORD, URL_, machine } from './browser.mjs';
import { Staff } from './house.mjs';

const client = readFileSync(new URL('../node_modules/socket.io-client/dist/socket.io.min.js', import.meta.url));
const EMAIL = 'kitchen@restaurante.com';

// Pages as anybody may serve them; the one at `/sandboxed` has the origin `null`, as a file or a framed advertisement.
const pages = createServer(({ url }, response) => {
  if (url === '/socket.io.js') return response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(client);
  const sandbox = url === '/sandboxed' && { 'Content-Security-Policy': 'sandbox allow-scripts' };
  response.writeHead(200, { 'Content-Type': 'text/html', ...sandbox });
  return response.end('<!doctype html><title>elsewhere</title><script src="/socket.io.js"></script>');
});
// The origin that FRONTEND_URL names.
const friends = createServer((request, response) => pages.emit('request', request, response));

let manager, cook;
before(async () => {
  manager = await Staff.login('manager@restaurante.com');
  cook = await Staff.login(EMAIL);
  await new Promise((resolve) => pages.listen(0, '127.0.0.1', resolve));
  await new Promise((resolve) => friends.listen(Number(process.env.COMANDA_CABLE_PORT), '127.0.0.1', resolve));
});
after(() => [pages, friends].forEach((server) => server.close()));

// Runs in the page: what each way in let it have, null where nothing.
async function tries({ url, token, tickets, credentials }) {
  const within = (promise) => Promise.race([promise, new Promise((done) => setTimeout(done, 10_000, null))]).catch(() => null);
  const json = { 'Content-Type': 'application/json' };
  const bearer = { Authorization: `Bearer ${token}` };
  // An opaque answer reads as the empty text.
  const reads = (path, options) => within(fetch(url + path, options).then((answer) => answer.text()).then((text) => text || null));
  const opens = (path) => within(new Promise((done) => {
    const socket = new WebSocket(url.replace('http', 'ws') + path);
    socket.onopen = () => { done('open'); socket.close(); };
    socket.onclose = () => done(null);
  }));
  const connects = (transport, namespace) => within(new Promise((done) => {
    const socket = globalThis.io(url + namespace, { auth: { token }, transports: [transport], reconnection: false, forceNew: true });
    socket.on('connect', () => { done('connected'); socket.close(); });
    socket.on('connect_error', () => { done(null); socket.close(); });
  }));
  const streams = (ticket) => within(new Promise((done) => {
    const source = new EventSource(`${url}/api/v1/events/stream?ticket=${ticket}`);
    source.onopen = () => { done('open'); source.close(); };
    source.onerror = () => { done(null); source.close(); };
  }));
  return {
    health: await reads('/health/live'),
    board: await reads('/api/v1/board', { headers: bearer }),
    events: await reads('/api/v1/events?after=0', { headers: bearer }),
    'a login': await reads('/api/v1/auth/login', { method: 'POST', headers: json, body: JSON.stringify(credentials) }),
    'an order of the public': await reads('/orders', { method: 'POST', headers: json, body: '{"total":1}' }),
    module: await within(import(`${url}/comanda.js`).then((module) => Object.keys(module).join())),
    'plain WebSocket': await opens('/ws'),
    'WebSocket of a board': await opens('/donations'),
    'WebSocket of Engine.IO': await opens('/socket.io/?EIO=4&transport=websocket'),
    poll: await reads('/socket.io/?EIO=4&transport=polling'),
    'Socket.IO by polling': await connects('polling', '/'),
    'Socket.IO by WebSocket': await connects('websocket', '/'),
    'Socket.IO without a login': await connects('polling', '/api'),
    'event stream': await streams(tickets[0]),
    'event stream, fetched': await within(
      fetch(`${url}/api/v1/events/stream?ticket=${tickets[1]}`).then(({ ok }) => (ok ? 'open' : null)),
    ),
  };
}

// Runs in the page: what a browser sends without asking first, and without showing the answer.
async function acts(url) {
  const order = '{"total":66.6}';
  for (const kind of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const options = { method: 'POST', mode: 'no-cors', headers: { 'Content-Type': kind }, body: order };
    await fetch(`${url}/orders`, options).catch(() => {});
  }
  navigator.sendBeacon(`${url}/orders`, order);
  const target = Object.assign(document.createElement('iframe'), { name: 'sink' });
  const field = Object.assign(document.createElement('input'), { name: '{"total":66.6,"note":"', value: '"}' });
  const form = Object.assign(document.createElement('form'), { method: 'POST', action: `${url}/orders`, enctype: 'text/plain', target: 'sink' });
  form.append(field);
  document.body.append(target, form);
  const answered = new Promise((done) => { target.onload = done; setTimeout(done, 2_000); });
  form.submit();
  await answered;
}

const orders = async () => (await (await fetch(`${URL_}/orders`, { headers: { Authorization: `Bearer ${manager.token}` } })).json()).length;

async function visit(origin, path = '/') {
  const { page } = await machine();
  await page.goto(origin + path);
  const ticket = async () => (await cook.ask('POST', '/events/ticket')).ticket;
  const tickets = [await ticket(), await ticket()];
  const given = { url: URL_, token: cook.token, tickets, credentials: { email: EMAIL, password: PASSWORD } };
  return { page, got: await page.evaluate(tries, given) };
}

test('an origin that is let in reads, hears and orders: each try is a good one', async () => {
  const before = await orders();
  const { page, got } = await visit(`http://127.0.0.1:${process.env.COMANDA_CABLE_PORT}`);
  const failed = Object.entries(got).filter(([, what]) => what === null).map(([name]) => name);
  assert.deepEqual(failed, []);
  assert.match(got.board, /"tables"/);
  assert.match(got['a login'], /"accessToken"/);
  assert.equal(await orders(), before + 1);
  // What needs no question first is no way to order for anybody.
  await page.evaluate(acts, URL_);
  assert.equal(await orders(), before + 1);
});

const port = () => pages.address().port;
for (const [what, origin, path] of [
  ['another port of this machine', () => `http://127.0.0.1:${port()}`, '/'],
  ['the same by its name', () => `http://localhost:${port()}`, '/'],
  ['no origin at all', () => `http://127.0.0.1:${port()}`, '/sandboxed'],
]) {
  test(`${what}: nothing`, async () => {
    const before = await orders();
    const { page, got } = await visit(origin(), path);
    assert.deepEqual(Object.entries(got).filter(([, what]) => what !== null), []);
    await page.evaluate(acts, URL_);
    assert.equal(await orders(), before);
  });
}

test('no page can put ours into a frame', async () => {
  const { page } = await machine();
  await page.goto(`http://127.0.0.1:${port()}/`);
  for (const path of ['/', '/login', '/kitchen', '/waiter']) {
    await page.evaluate((url) => new Promise((done) => {
      const frame = Object.assign(document.createElement('iframe'), { src: url, onload: done });
      document.body.replaceChildren(frame);
    }), URL_ + path);
    const [, frame] = page.frames();
    assert.equal(frame.url(), 'chrome-error://chromewebdata/', path);
  }
});
