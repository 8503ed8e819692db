// What the screens say of the link and of money, in words that are true.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import './fakes.mjs';
import { TEXTS } from '../../../src/screens/screens/texts.js';

globalThis.document ??= { documentElement: {} };
Object.defineProperty(globalThis, 'navigator', { value: { languages: ['en-GB'] }, configurable: true });
const { ending } = await import('../../../src/screens/screens/link.js');
const { money } = await import('../../../src/screens/screens/words.js');

// Every final close code was said to be "Signed out by the server", and the only way out was to sign in again.
test('why the server ended the link, and what helps', () => {
  for (const [code, reason, said, help] of [
    [4500, 'INVALID_TOKEN', 'link.ended', 'link.signIn'], [4502, 'SIGNED_OUT', 'link.ended', 'link.signIn'],
    [4503, 'SUPERSEDED', 'link.superseded', 'link.reload'], [1008, 'FORBIDDEN', 'link.refused', 'link.signIn'],
    [1008, 'MALFORMED', 'link.mismatch', 'link.reload'], [1009, '', 'link.mismatch', 'link.reload'],
    [4501, 'UNAUTHENTICATED', 'link.mismatch', 'link.reload'], [1002, undefined, 'link.mismatch', 'link.reload'],
  ]) {
    assert.deepEqual(ending({ code, reason }), { said, help }, `${code} ${reason}`);
    for (const texts of Object.values(TEXTS)) assert.ok(texts[said] && texts[help], `${said} ${help}`);
  }
});

// A board that an older release kept has none, and a table could not be opened until the network was back.
test('an amount without a currency is an amount', () => {
  assert.deepEqual([money('15.50', 'EUR'), money('15.50', null), money('1500', undefined), money('3', 'JPY')], ['€15.50', '15.50', '1,500', '¥3']);
});
