// The cable is out for a minute while a tablet and a kitchen screen work on: neither of them loses an order, nor doubles one.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { live, machine, shot, signIn } from './browser.mjs';
import { Cable } from './cable.mjs';
import { Staff, clear } from './house.mjs';

// In ms. Half of it every connection breaks, half of it nothing breaks and nothing arrives, as behind a dead access point.
const OUTAGE = 60_000;

const cable = new Cable();
let manager, colleague;
before(async () => {
  manager = await Staff.login('manager@restaurante.com');
  colleague = await Staff.login('waiter@restaurante.com');
  await cable.open();
});
after(() => cable.close());

const tile = (page, name) => page.locator('.tile', { has: page.locator(`strong:text-is("${name}")`) });
const ticket = (page, { id }) => page.locator(`.wall .ticket[data-order="${id}"]`);
const offline = (page) => page.locator('.link:is([data-state=offline], [data-state=stale])').waitFor({ timeout: 10_000 });

// The n-th dish to the table, by the tablet.
async function take(page, table, n) {
  await page.locator('[data-view=floor]').click();
  await tile(page, table).click();
  await page.locator('.categories button', { hasText: 'Tapas' }).click();
  const dish = page.locator('.dish-button').nth(n);
  const name = await dish.locator('.name').textContent();
  await dish.click();
  await page.locator('.send').click();
  await page.locator('.draft-line').waitFor({ state: 'detached' });
  return `${table} ${name}`;
}

test('a minute without the cable', async (t) => {
  await clear(manager);
  const [tablet, kitchen] = [await machine({ size: 'tablet' }), await machine({ size: 'display', theme: 'dark' })];
  await signIn(tablet, 'waiter@restaurante.com', '/waiter', cable.url);
  await signIn(kitchen, 'expo@restaurante.com', '/kitchen', cable.url);
  for (const { page } of [tablet, kitchen]) await page.waitForFunction(() => navigator.serviceWorker?.controller);
  const taken = [];
  for (const table of ['1', '2', '3']) taken.push(await take(tablet.page, table, 0));
  await kitchen.page.locator('.wall .ticket').nth(2).waitFor();
  const [one, two, three] = (await manager.ask('GET', '/board')).orders.filter(({ status }) => status === 'CONFIRMED').sort((a, b) => a.number - b.number);
  const { tables } = await manager.ask('GET', '/board');
  const seat = tables.findIndex(({ id }) => id === one.tableId);
  // The board is kept a second after its last change.
  await tablet.page.waitForTimeout(1_500);

  cable.cut();
  const pulled = Date.now();
  let swallowed = false;
  for (const { page } of [tablet, kitchen]) await offline(page);
  const tasks = [
    async () => { await ticket(kitchen.page, one).locator('.head').click(); },
    async () => { await ticket(kitchen.page, two).locator('.line').first().click(); },
    async () => { for (const { page } of [tablet, kitchen]) await page.reload(); },
    // Bumped, and thought better of.
    async () => {
      await ticket(kitchen.page, three).locator('.head').click();
      await kitchen.page.locator('#undo button').click();
    },
  ];
  for (let n = 0; n < 12; n += 1) {
    // At nine tables that the tablet knows to be free, then once more at three of them.
    taken.push(await take(tablet.page, String(4 + (n % 9)), 1 + (n % 5)));
    const order = await colleague.order(seat, [{ name: `Meanwhile ${n}` }]);
    taken.push(`${order.tableName} Meanwhile ${n}`);
    await tasks[n / 2]?.();
    if (n === 5) await shot(kitchen.page, 'minute-kitchen');
    if (!swallowed && Date.now() - pulled > OUTAGE / 2) {
      swallowed = true;
      cable.mend();
      cable.swallow();
    }
    await new Promise((resolve) => { setTimeout(resolve, Math.max(0, pulled + (n + 1) * (OUTAGE / 12) - Date.now())); });
  }
  assert.ok(Date.now() - pulled >= OUTAGE && swallowed);
  await tablet.page.locator('.link .more', { hasText: /1[0-9] wait/ }).waitFor();
  await shot(tablet.page, 'minute-waiter');
  assert.equal((await manager.ask('GET', '/board')).orders.filter(({ status }) => status !== 'CANCELLED').length, 3 + 12, 'nothing came through');
  t.diagnostic(`pulled for ${Math.round((Date.now() - pulled) / 1000)} s, ${taken.length} orders`);
  cable.mend();

  for (const { page } of [tablet, kitchen]) await live(page);
  for (const { page } of [tablet, kitchen]) {
    await page.waitForFunction(() => !/wait/.test(document.querySelector('.link .more').textContent), null, { timeout: 60_000 });
  }
  const known = async () => (await manager.ask('GET', '/board')).orders.filter(({ status }) => status !== 'CANCELLED');
  const end = Date.now() + 60_000;
  while ((await known()).length < taken.length && Date.now() < end) await tablet.page.waitForTimeout(500);
  // Each once, at its table, with what was asked for; and every one is on the wall.
  const orders = await known();
  assert.deepEqual(orders.map(({ tableName, items }) => `${tableName} ${items.map(({ name }) => name)}`).sort(), [...taken].sort());
  for (const order of orders) if (order.id !== one.id) await ticket(kitchen.page, order).first().waitFor();
  const now = (order) => orders.find(({ id }) => id === order.id);
  assert.deepEqual([now(one).status, now(two).items[0].status, now(three).items[0].status], ['READY', 'IN_PROGRESS', 'PENDING']);
  assert.deepEqual([tablet.errors, kitchen.errors], [[], []]);
});
