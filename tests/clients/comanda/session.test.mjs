// The login: renewed once by however many ask, a lost answer asked for again under its key, gone when the server says so.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Local, server } from './fakes.mjs';
import { Api, ComandaError, Session } from '../../../src/screens/comanda.js';

const tokens = (n, expiresIn = 600) => ({
  accessToken: `access${n}`, refreshToken: `refresh${n}`, expiresIn, user: { id: 'u', role: 'WAITER', restaurantId: 'r' },
});

async function signedIn(answer, expiresIn) {
  const local = new Local();
  const { calls, fetch } = server((call, n) => (call.path.endsWith('/login') ? { body: tokens(0, expiresIn) } : answer(call, n)));
  const session = new Session({ url: 'http://house', fetch, local });
  await session.login('waiter@house', 'secret');
  calls.length = 0;
  return { session, calls, local, fetch };
}

test('a token that is good is used as it is', async () => {
  const { session, calls } = await signedIn(() => assert.fail());
  assert.equal(await session.token(), 'access0');
  assert.equal(calls.length, 0);
});

test('however many ask, one renewal', async () => {
  const { session, calls } = await signedIn(() => ({ body: tokens(1) }), 1);
  assert.deepEqual(await Promise.all([session.token(), session.token(), session.token()]), ['access1', 'access1', 'access1']);
  assert.deepEqual(calls.map(({ body }) => body), [{ refreshToken: 'refresh0' }]);
});

test('a lost answer is asked for again under the same key, by another page too', async () => {
  const { session, calls, local } = await signedIn(() => { throw new TypeError('no network'); }, 1);
  await assert.rejects(session.token());
  const { fetch, calls: later } = server(() => ({ body: tokens(1) }));
  const other = new Session({ url: 'http://house', fetch, local });
  assert.equal(await other.token(), 'access1');
  assert.equal(later[0].headers['Idempotency-Key'], calls[0].headers['Idempotency-Key']);
  assert.deepEqual(later[0].body, { refreshToken: 'refresh0' });
});

test('a login that has ended says so, one that cannot be asked does not', async () => {
  for (const [status, ended] of [[401, true], [503, false], [429, false]]) {
    const { session } = await signedIn(() => ({ status, body: { message: 'no' } }), 1);
    let told = false;
    session.addEventListener('ended', () => { told = true; });
    await session.token().catch(() => {});
    assert.equal(told, ended, String(status));
    assert.equal(session.signedIn, !ended);
  }
});

test('a 401 is asked once more with a new token; errors say whether to try again', async () => {
  const { session, fetch, calls } = await signedIn((call) => {
    if (call.path.endsWith('/refresh')) return { body: tokens(1) };
    if (call.headers.Authorization === 'Bearer access0') return { status: 401, body: { code: 'INVALID_TOKEN' } };
    return { body: { tables: 12 } };
  });
  const api = new Api({ url: 'http://house', session, fetch });
  assert.deepEqual(await api.get('/api/v1/board'), { tables: 12 });
  assert.equal(calls.length, 3);
  for (const [status, code, again] of [
    [409, 'INVALID_TRANSITION', false], [409, 'IDEMPOTENCY_IN_FLIGHT', true], [429, 'X', true], [503, 'X', true],
    [500, 'X', true], [408, 'X', true], [404, 'NOT_FOUND', false], [422, 'X', false], [400, 'X', false],
  ]) {
    const error = ComandaError.of({ status, headers: new Headers({ 'Retry-After': '2' }) }, { code, message: ['a', 'b'] });
    assert.deepEqual([error.again, error.after, error.message], [again, 2000, 'a; b'], `${status} ${code}`);
  }
});
