// What the office draws: counts a slot, means, and what is not known, which is not nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Growth, Meter, SLOT, SLOTS } from '../../../src/screens/screens/admin/meters.js';

const START = 1_000 * SLOT;
const NOW = START + 3.5 * SLOT;

test('counts are rates of whole slots, the newest last, and unknown before they were counted', () => {
  const meter = new Meter(START);
  meter.add(START + 1);
  meter.add(START + SLOT - 1);
  meter.add(START + 2 * SLOT, 10);
  meter.add(NOW, 99);
  const rates = meter.rates(NOW, 1_000);
  assert.equal(rates.length, SLOTS);
  assert.deepEqual(rates.slice(-4), [null, 2 / 5, 0, 10 / 5], 'the slot that is not over is not told');
  assert.deepEqual(meter.rates(NOW, 1_000, 2).slice(-3), [2 / 10, 2 / 10, 10 / 10], 'over two slots');
  meter.known = 0;
  assert.equal(meter.rates(NOW, 1_000)[0], 0);
});

test('means are over how many there were, and nothing is no mean of 0', () => {
  const meter = new Meter(0);
  meter.add(START, 30, 3);
  meter.add(START, 50, 1);
  meter.add(START + 2 * SLOT, 7);
  assert.deepEqual(meter.means(NOW).slice(-3), [20, null, 7]);
});

test('what is older than is drawn is forgotten', () => {
  const meter = new Meter(0);
  meter.add(START, 5);
  const later = START + 5 * SLOTS * SLOT;
  meter.add(later);
  assert.equal(meter.rates(START + SLOT, 1_000).at(-1), 0);
});

test('a total that shrinks has begun anew', () => {
  const growth = new Growth();
  assert.deepEqual([10, 12, 12, 3, 4].map((total) => growth.since(total)), [0, 2, 0, 3, 1]);
});
