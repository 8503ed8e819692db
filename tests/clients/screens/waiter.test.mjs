// The waiter's tablet in service, beside a kitchen screen: orders are taken, sent, served, moved, paid; without a network too.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PASSWORD, URL_, accessible, kept, live, machine, shot, signIn, touchable } from './browser.mjs';
import { Cable } from './cable.mjs';
import { Staff, clear } from './house.mjs';

let manager, cook;
const cable = new Cable();
before(async () => {
  manager = await Staff.login('manager@restaurante.com');
  cook = await Staff.login('kitchen@restaurante.com');
  await cable.open();
});
after(() => cable.close());

const tile = (page, name) => page.locator('.tile', { has: page.locator(`strong:text-is("${name}")`) });
const dish = (page, name) => page.locator('.dish-button', { hasText: name }).first();
const line = (page, name) => page.locator('.sent-line', { hasText: name }).first();
const category = (page, name) => page.locator('.categories button', { hasText: name });
const button = (page, name) => page.getByRole('button', { name, exact: true });
const send = (page) => page.locator('.send');

async function tablet(email = 'waiter@restaurante.com', how = {}, url = URL_) {
  const it = await machine({ size: 'laptop', ...how });
  await signIn(it, email, '/waiter', url);
  await it.page.locator('.tile').first().waitFor();
  return it;
}

const orders = async () => (await manager.ask('GET', '/board')).orders.filter(({ status }) => status !== 'CANCELLED');

test('from the table to the kitchen and back: taken, sent, cooked, served, paid', async () => {
  await clear(manager);
  const { page, errors } = await tablet();
  const kitchen = await machine({ size: 'display', theme: 'dark' });
  await signIn(kitchen, 'expo@restaurante.com', '/kitchen');
  await tile(page, '4').click();
  await category(page, 'Carnes').click();
  const [first, second] = [page.locator('.dish-button').nth(0), page.locator('.dish-button').nth(1)];
  const [one, two] = [await first.locator('.name').textContent(), await second.locator('.name').textContent()];
  await first.click();
  await first.click();
  await second.click();
  const drafts = page.locator('.draft-line');
  await drafts.nth(1).waitFor();
  assert.equal(await drafts.count(), 2);
  assert.equal(await drafts.first().locator('output').textContent(), '2');
  await drafts.nth(1).getByRole('button', { name: 'Note' }).click();
  await page.getByRole('button', { name: 'rare' }).click();
  await button(page, 'Keep').click();
  assert.equal((await orders()).length, 0, 'nothing is sent before Send');
  await shot(page, 'waiter-draft');
  await accessible(page);
  await send(page).click();
  await page.locator('#news', { hasText: /kitchen has it, \d\d:\d\d:\d\d/ }).waitFor();
  await page.locator('.draft-line').first().waitFor({ state: 'detached' });
  const ticket = kitchen.page.locator('.wall .ticket', { hasText: one });
  await ticket.waitFor();
  assert.match(await ticket.textContent(), new RegExp(`${one}.*${two}.*rare`, 's'));
  // Cooked, carried.
  await ticket.locator('.head').click();
  await line(page, one).and(page.locator('[data-status=READY]')).waitFor();
  await page.locator('[data-view=ready]', { hasText: '1' }).click();
  await page.locator('.recent li', { hasText: one }).waitFor();
  await shot(page, 'waiter-ready');
  await accessible(page);
  await button(page, 'Served').click();
  await page.locator('.recent li').first().waitFor({ state: 'detached' });
  await page.locator('[data-view=floor]').click();
  await tile(page, '4').filter({ hasText: 'served' }).click();
  await button(page, 'Paid, close').click();
  await button(page, 'Back to the floor').click();
  await tile(page, '4').filter({ hasText: 'free' }).waitFor();
  assert.deepEqual([errors, kitchen.errors], [[], []]);
});

test('found without its accent, counted, noted, of another course: the kitchen has it as it was taken down', async () => {
  await clear(manager);
  const { page, errors } = await tablet();
  await tile(page, '2').click();
  await page.getByRole('searchbox').fill('jamon iber');
  await dish(page, 'Jamón ibérico').click();
  const draft = page.locator('.draft-line');
  await draft.getByRole('button', { name: /One more/ }).click();
  await draft.getByRole('button', { name: 'Note' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('in thin slices');
  await button(page, 'Keep').click();
  await draft.getByRole('button', { name: 'Starter' }).click();
  await accessible(page);
  await button(page, 'Main course').click();
  await draft.getByRole('button', { name: 'Main course' }).waitFor();
  await send(page).click();
  await line(page, 'Jamón ibérico').waitFor();
  const [{ items: [item] }] = await orders();
  assert.deepEqual([item.qty, item.notes, item.course], [2, 'in thin slices', 'main']);
  assert.deepEqual(errors, []);
});

test('held and fired, cancelled, void only by a manager and with a reason, moved, joined', async () => {
  await clear(manager);
  const { page, errors } = await tablet();
  await tile(page, '5').click();
  await category(page, 'Postres').click();
  await page.locator('.dish-button').nth(0).click();
  await page.locator('.dish-button').nth(1).click();
  await page.locator('.dish-button').nth(2).click();
  // Drawn in the next frame.
  await page.locator('.draft-line').nth(2).waitFor();
  const names = await page.locator('.draft-line .name').allTextContents();
  await page.locator('.draft-line').nth(0).getByRole('button', { name: 'Hold' }).click();
  await send(page).click();
  await line(page, names[0]).and(page.locator('[data-status=HELD]')).waitFor();
  await line(page, names[0]).click();
  await button(page, 'Fire').click();
  await line(page, names[0]).and(page.locator('[data-status=PENDING]')).waitFor();
  await line(page, names[1]).click();
  await button(page, 'Cancel it').click();
  await line(page, names[1]).and(page.locator('[data-status=CANCELLED]')).waitFor();
  const [order] = await orders();
  await cook.move(order, 2, 'IN_PROGRESS');
  await line(page, names[2]).and(page.locator('[data-status=IN_PROGRESS]')).click();
  await page.getByRole('dialog').filter({ hasText: 'a manager can void it' }).waitFor();
  assert.equal(await button(page, 'Void').count(), 0);
  await button(page, 'Cancel').click();
  const boss = await tablet('manager@restaurante.com');
  await tile(boss.page, '5').click();
  await line(boss.page, names[2]).click();
  await button(boss.page, 'Void').click();
  await button(boss.page, 'Void').click();
  assert.ok(await boss.page.getByRole('dialog').isVisible(), 'a void needs a reason');
  assert.equal((await orders())[0].items[2].status, 'IN_PROGRESS', 'nothing is sent without one');
  await button(boss.page, 'dropped').click();
  await accessible(boss.page);
  await button(boss.page, 'Void').click();
  await line(page, names[2]).and(page.locator('[data-status=VOIDED]')).waitFor();
  // To another table; the kitchen's ticket stays the same one.
  await button(page, 'Move table').click();
  await button(page, 'Table 7').click();
  await page.locator('h2', { hasText: 'Table 7' }).waitFor();
  await line(page, names[0]).waitFor();
  assert.equal((await orders())[0].tableName, '7');
  assert.deepEqual([errors, boss.errors], [[], []]);
});

test('two waiters on one table: each sees what the other sent, nothing is overwritten', async () => {
  await clear(manager);
  const ana = await tablet();
  const ben = await tablet('manager@restaurante.com');
  const [a, b] = [ana.page, ben.page];
  for (const page of [a, b]) {
    await tile(page, '3').click();
    await category(page, 'Tapas').click();
  }
  await a.locator('.dish-button').nth(0).click();
  await b.locator('.dish-button').nth(1).click();
  const [one, two] = [await a.locator('.draft-line .name').textContent(), await b.locator('.draft-line .name').textContent()];
  // Both open the table at once: one of them is told that it is open, and its order goes there all the same.
  await Promise.all([send(a).click(), send(b).click()]);
  for (const page of [a, b]) for (const name of [one, two]) await line(page, name).waitFor();
  assert.equal((await orders()).length, 2);
  assert.deepEqual([ana.errors, ben.errors], [[], []]);
});

test('no network: the draft and what was sent survive a reload, and arrive once', async () => {
  await clear(manager);
  const { page, errors } = await tablet('waiter@restaurante.com', {}, cable.url);
  await page.waitForFunction(() => navigator.serviceWorker?.controller);
  await tile(page, '6').click();
  await category(page, 'Tapas').click();
  await kept(page, 'waiter', (await manager.ask('GET', '/board')).seq);
  cable.cut();
  await page.locator('.link[data-state=offline]').waitFor();
  await page.locator('.dish-button').nth(2).click();
  await send(page).click();
  await page.locator('.not-in-kitchen').waitFor();
  await page.locator('.dish-button').nth(3).click();
  await shot(page, 'waiter-offline');
  await accessible(page);
  await page.reload();
  await page.locator('.not-in-kitchen').waitFor();
  assert.equal(await page.locator('.draft-line').count(), 1);
  cable.mend();
  await page.locator('.not-in-kitchen').waitFor({ state: 'detached', timeout: 20_000 });
  await live(page);
  const found = await orders();
  assert.equal(found.length, 1);
  assert.equal(found[0].items.length, 1);
  assert.equal(await page.locator('.draft-line').count(), 1);
  assert.deepEqual(errors, []);
});

test('a tablet is handed on: what one has not sent waits for that one, and a draft for its restaurant', async () => {
  await clear(manager);
  const it = await tablet();
  const { page, errors, context } = it;
  await tile(page, '9').click();
  await category(page, 'Tapas').click();
  // Whatever it sends gets no answer.
  const sending = /\/api\/v1\/(orders|table-sessions)/;
  await context.route(sending, (route) => route.abort());
  await page.locator('.dish-button').nth(0).click();
  await send(page).click();
  await page.locator('.not-in-kitchen').waitFor();
  // Held: one more of it is another line.
  await page.locator('.dish-button').nth(1).click();
  await page.locator('.draft-line').getByRole('button', { name: 'Hold' }).click();
  await page.locator('.dish-button').nth(1).click();
  await page.locator('.draft-line').nth(1).waitFor();
  const out = async () => {
    await page.locator('.main-menu summary').click();
    await page.getByRole('button', { name: /Sign out/ }).click();
  };
  await out();
  // What is not sent is told before.
  await page.getByRole('button', { name: '1 is not sent: sign out all the same' }).click();
  await page.waitForURL(`${URL_}/`);
  await context.unroute(sending);
  // Another restaurant's: sees nothing of it, and sends nothing of it.
  const email = `owner.${Date.now()}@elsewhere.com`;
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify({ email, password: PASSWORD, name: 'Elsewhere', restaurantName: 'Elsewhere' });
  assert.equal((await fetch(`${URL_}/api/v1/auth/register`, { method: 'POST', headers, body })).status, 201);
  await signIn(it, email, '/waiter');
  await page.locator('.link .more', { hasText: '1 waits until its waiter signs in here again' }).waitFor();
  assert.equal(await page.locator('.tile').count(), 0);
  await out();
  await page.waitForURL(`${URL_}/`);
  // A colleague: has the table's draft, and sends nothing in another's name.
  await signIn(it, 'manager@restaurante.com', '/waiter');
  await tile(page, '9').filter({ hasText: '2 not sent' }).waitFor();
  await page.locator('.link .more', { hasText: '1 waits' }).waitFor();
  assert.equal((await orders()).length, 0);
  await out();
  await page.waitForURL(`${URL_}/`);
  await signIn(it, 'waiter@restaurante.com', '/waiter');
  await tile(page, '9').and(page.locator('[data-state=ordered]')).click();
  await page.locator('.sent-line').first().waitFor();
  const [order, ...more] = await orders();
  const { staff } = await manager.ask('GET', '/board');
  assert.deepEqual([more.length, staff.find(({ id }) => id === order.createdBy).name], [0, 'Waiter']);
  assert.equal(await page.locator('.draft-line').count(), 2);
  assert.deepEqual(errors, []);
});

test('what the kitchen cannot make comes back to the draft and says why', async () => {
  await clear(manager);
  const { page, errors } = await tablet();
  await tile(page, '8').click();
  await category(page, 'Arroces').click();
  const name = await page.locator('.dish-button .name').first().textContent();
  const found = (await manager.ask('GET', '/menu')).find((one) => one.name === name);
  await page.locator('.dish-button').first().click();
  // Sold out behind the waiter's back: the draft has it still.
  await manager.ask('PUT', `/menu/items/${found.id}/availability`, { state: 'sold_out' });
  await dish(page, name).and(page.locator(':disabled')).waitFor();
  await send(page).click();
  await page.locator('#news .problem').waitFor();
  await page.locator('.draft-line', { hasText: name }).waitFor();
  assert.equal((await orders()).length, 0);
  await manager.ask('PUT', `/menu/items/${found.id}/availability`, { state: 'available' });
  await dish(page, name).and(page.locator(':enabled')).waitFor();
  await send(page).click();
  await line(page, name).waitFor();
  assert.deepEqual(errors, []);
});

test('at every size, in both languages and themes, it reads and taps well', async () => {
  await clear(manager);
  for (let n = 0; n < 5; n += 1) {
    const order = await manager.order(n, [{ name: 'Croquetas', qty: 2 }, { name: 'Agua' }]);
    if (n > 1) await cook.move(order, 0, 'READY');
    if (n > 3) await manager.move(order, 0, 'SERVED');
  }
  for (const [size, theme, locale] of [['display', 'dark', 'en-GB'], ['laptop', 'light', 'es-ES'], ['tablet', 'light', 'en-GB'], ['tablet', 'dark', 'es-ES']]) {
    const { page, errors } = await tablet('waiter@restaurante.com', { size, theme, locale });
    await accessible(page);
    await touchable(page, { least: 80, within: 'main' });
    await shot(page, `waiter-floor-${size}-${theme}`);
    await tile(page, '3').click();
    await page.locator('.sent-line').first().waitFor();
    await page.locator('.dish-button').nth(1).click();
    await accessible(page);
    await touchable(page, { least: 48 });
    await touchable(page, { least: 80, within: '.dishes' });
    await shot(page, `waiter-table-${size}-${theme}`);
    assert.deepEqual(errors, []);
  }
});
