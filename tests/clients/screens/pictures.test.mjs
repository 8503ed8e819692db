// The pictures in the README: a kitchen, a tablet and the office in the middle of a lunch hour. `make pictures` renews them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, machine, shot, signIn } from './browser.mjs';
import { Staff, clear } from './house.mjs';

const clip = { x: 0, y: 0, width: 1280, height: 700 };

let manager;
before(async () => {
  manager = await Staff.login('manager@restaurante.com');
  await clear(manager);
  await manager.ask('POST', '/demo/lunch', { speed: 20, seed: 4 });
});
after(() => manager.ask('DELETE', '/demo/lunch'));

test('a kitchen, a tablet and the office at lunch', async () => {
  const kitchen = await machine({ size: 'laptop', theme: 'dark' });
  await signIn(kitchen, 'expo@restaurante.com', '/kitchen');
  const tablet = await machine({ size: 'laptop' });
  await signIn(tablet, 'waiter@restaurante.com', '/waiter');
  const office = await machine({ size: 'laptop' });
  await signIn(office, 'manager@restaurante.com', '/admin');
  await kitchen.page.locator('.wall .ticket').nth(4).waitFor({ timeout: 240_000 });
  await kitchen.page.locator('.line[data-status=IN_PROGRESS]').first().waitFor({ timeout: 120_000 });
  await shot(kitchen.page, 'picture-kitchen', { clip });
  // Taken, and not sent yet, at a table that has eaten before.
  await tablet.page.locator('.tile[data-state=ordered], .tile[data-state=ready]').first().click();
  await tablet.page.locator('.categories button', { hasText: 'Tapas' }).click();
  await tablet.page.locator('.dish-button').nth(3).click();
  await shot(tablet.page, 'picture-waiter', { clip });
  await shot(office.page, 'picture-admin', { clip });
  for (const { page, errors } of [kitchen, tablet, office]) {
    await accessible(page);
    assert.deepEqual(errors, []);
  }
});
