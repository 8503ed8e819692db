// The office: what is connected and what happens, every form, a display paired from here, the demo's lunch hour.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { URL_, accessible, live, machine, shot, signIn, touchable } from './browser.mjs';
import { Staff, clear, until } from './house.mjs';

let manager;
before(async () => {
  manager = await Staff.login('manager@restaurante.com');
});
// Another test's lunch hour is none of the next one's.
after(() => manager.ask('DELETE', '/demo/lunch'));

const button = (within, name) => within.getByRole('button', { name, exact: true });
const register = (page, name) => page.getByRole('region', { name, exact: true });
const row = (page, text) => page.locator('.register tbody tr', { hasText: text });
const dialog = (page) => page.getByRole('dialog');
const field = (page, label) => dialog(page).getByLabel(label, { exact: true });
const figure = (page, name) => page.locator(`[data-figure=${name}] strong`);
const number = async (page, name) => Number(await figure(page, name).textContent());

async function office(how = {}, tab = 'live') {
  const it = await machine({ size: 'laptop', ...how });
  await signIn(it, 'manager@restaurante.com', '/admin');
  if (tab !== 'live') await it.page.locator(`[data-view=${tab}]`).click();
  return it;
}

test('what is live: connections with what carries them, figures that move when an order is sent', async () => {
  await clear(manager);
  const { page, errors } = await office();
  const kitchen = await machine({ size: 'display' });
  await signIn(kitchen, 'kitchen@restaurante.com', '/kitchen');
  const cook = page.locator('.sockets tr', { hasText: 'Kitchen' });
  await cook.waitFor();
  assert.match(await cook.textContent(), /WebSocket.*everything/);
  assert.equal(await page.locator('.sockets tbody tr').count(), 2);
  await until(async () => await number(page, 'sockets') === 2);
  const [before, chart] = [await number(page, 'position'), page.locator('.chart').first()];
  assert.equal(await number(page, 'open'), 0);
  const order = await manager.order(1, [{ name: 'Paella', qty: 2 }, { name: 'Agua' }]);
  await page.locator('.newest li', { hasText: `#${order.number} (Table 2) by Manager: 2 × Paella, 1 × Agua` }).waitFor();
  await until(async () => await number(page, 'open') === 1);
  await until(async () => await number(page, 'position') > before);
  await manager.move(order, 0, 'IN_PROGRESS');
  await page.locator('.newest li', { hasText: 'Paella is cooking' }).waitFor();
  // A slot of the chart is over within five seconds.
  await until(async () => /peak/.test(await chart.textContent()));
  await until(async () => /\d ms/.test(await page.locator('.chart', { hasText: 'From saved to sent' }).textContent()));
  // Its display has shown all of it, and says so.
  await cook.locator('.chip', { hasText: 'everything' }).waitFor();
  await shot(page, 'admin-live');
  await accessible(page);
  await kitchen.page.close();
  await cook.waitFor({ state: 'detached' });
  assert.deepEqual([errors, kitchen.errors], [[], []]);
});

test('people: made, refused in the server’s words, changed, removed; an invite’s code is shown once', async () => {
  const { page, errors } = await office({}, 'people');
  const people = register(page, 'People');
  await row(page, 'waiter@restaurante.com').waitFor();
  await button(people, 'Add a person').click();
  await button(dialog(page), 'Add').click();
  const problem = dialog(page).getByRole('alert');
  await problem.waitFor();
  assert.match(await problem.textContent(), /name should not be empty/);
  assert.match(await problem.textContent(), /email/);
  assert.equal(await field(page, 'Name').getAttribute('aria-invalid'), 'true');
  assert.ok(await field(page, 'Name').evaluate((input) => input === document.activeElement), 'the first wrong one is ready to be mended');
  await accessible(page);
  await shot(page, 'admin-form');
  const email = `nadia.${Date.now()}@restaurante.com`;
  await field(page, 'Name').fill('Nadia');
  await field(page, 'E-mail').fill(email);
  await field(page, 'Role').selectOption('WAITER');
  await field(page, 'Password').fill('short');
  await page.keyboard.press('Enter');
  await problem.filter({ hasText: /password.*8/ }).waitFor();
  await field(page, 'Password').fill('long enough now');
  await page.keyboard.press('Enter');
  await row(page, email).waitFor();
  await people.getByRole('button', { name: 'Change: Nadia' }).first().click();
  await field(page, 'Role').selectOption('CASHIER');
  await button(dialog(page), 'Keep').click();
  await row(page, email).filter({ hasText: 'Cashier' }).waitFor();
  await people.getByRole('searchbox').fill('nadia.');
  assert.equal(await people.locator('tbody tr').count(), 1);
  // Asked before anybody is removed, and Escape is no.
  await row(page, email).getByRole('button', { name: 'Remove: Nadia' }).click();
  await dialog(page).filter({ hasText: 'Remove Nadia?' }).waitFor();
  await accessible(page);
  await page.keyboard.press('Escape');
  await row(page, email).waitFor();
  await row(page, email).getByRole('button', { name: 'Remove: Nadia' }).click();
  await button(dialog(page), 'Remove').click();
  await row(page, email).waitFor({ state: 'detached' });
  await people.getByRole('searchbox').fill('');

  await button(register(page, 'Invites'), 'Invite').click();
  await field(page, 'For whom').fill('the new cook');
  await field(page, 'Role').selectOption('KITCHEN');
  await button(dialog(page), 'Invite').click();
  const code = await page.locator('.secret').textContent();
  assert.ok(code.length > 8, code);
  await accessible(page);
  await button(dialog(page), 'Done').click();
  await row(page, 'the new cook').filter({ hasText: 'open' }).waitFor();
  assert.ok(!(await page.content()).includes(code), 'shown once');
  await row(page, 'the new cook').filter({ hasText: 'open' }).getByRole('button', { name: 'Take back' }).first().click();
  await button(dialog(page), 'Take back').click();
  await row(page, 'the new cook').filter({ hasText: 'taken back' }).first().waitFor();
  await shot(page, 'admin-people');
  await accessible(page);
  assert.deepEqual(errors, []);
});

test('a display is paired by the code that it shows, seen, and put out again', async () => {
  const display = await machine({ size: 'display', theme: 'dark' });
  await display.page.goto(`${URL_}/kitchen`);
  await display.page.locator('.code').filter({ hasText: /^\w{4} \w{4}$/ }).waitFor();
  const code = await display.page.locator('.code').textContent();
  const { page, errors } = await office({}, 'devices');
  await button(page, 'Pair a display').click();
  await field(page, 'Code').fill('WRONGONE');
  await field(page, 'Name').fill('Pass 1');
  await field(page, 'Role').selectOption('EXPO');
  await button(dialog(page), 'Pair a display').click();
  await dialog(page).getByRole('alert').waitFor();
  await accessible(page);
  await field(page, 'Code').fill(code.toLowerCase());
  await button(dialog(page), 'Pair a display').click();
  await row(page, 'Pass 1').waitFor();
  await live(display.page);
  await page.locator('[data-view=live]').click();
  await page.locator('.sockets tr', { hasText: 'Pass 1' }).filter({ hasText: 'Expo' }).waitFor();
  await until(async () => await number(page, 'displays') === 1);
  await page.locator('[data-view=devices]').click();
  await row(page, 'Pass 1').filter({ hasText: 'connected' }).waitFor();
  await shot(page, 'admin-devices');
  await accessible(page);
  await row(page, 'Pass 1').getByRole('button', { name: 'Remove: Pass 1' }).click();
  await button(dialog(page), 'Remove').click();
  await page.locator('.register .none', { hasText: 'No displays yet' }).waitFor();
  await display.page.locator('.link[data-state=ended]').waitFor();
  assert.deepEqual([errors, display.errors], [[], []]);
});

test('tables and stations: made, refused, changed, removed', async () => {
  const { page, errors } = await office({}, 'house');
  const name = `T${Date.now() % 100_000}`;
  await button(page, 'Add a table').click();
  await button(dialog(page), 'Add').click();
  await dialog(page).getByRole('alert').filter({ hasText: 'name should not be empty' }).waitFor();
  await field(page, 'Name').fill(name);
  await button(dialog(page), 'Add').click();
  await row(page, name).filter({ hasText: 'free' }).waitFor();

  await button(page, 'Add a station').click();
  await field(page, 'Name').fill(`Wok ${name}`);
  await field(page, 'Ageing after (seconds)').fill('600');
  await button(dialog(page), 'Add').click();
  await dialog(page).getByRole('alert').filter({ hasText: 'lateAfterS' }).waitFor();
  await field(page, 'Late after (seconds)').fill('900');
  await field(page, 'Sopas').check();
  await shot(page, 'admin-station');
  await accessible(page);
  await button(dialog(page), 'Add').click();
  const wok = row(page, `Wok ${name}`);
  await wok.filter({ hasText: 'Sopas' }).filter({ hasText: '10 min' }).waitFor();
  // What another one makes already is the server's to say.
  await row(page, 'dessert').first().getByRole('button', { name: 'Change: dessert' }).click();
  await field(page, 'Sopas').check();
  await button(dialog(page), 'Keep').click();
  await dialog(page).getByRole('alert').waitFor();
  await button(dialog(page), 'Cancel').click();
  await wok.getByRole('button', { name: 'Remove' }).click();
  await button(dialog(page), 'Remove').click();
  await wok.waitFor({ state: 'detached' });
  await shot(page, 'admin-house');
  await accessible(page);
  assert.deepEqual(errors, []);
});

test('the menu: dishes made, sold out, counted, changed, removed; categories too', async () => {
  const { page, errors } = await office({}, 'menu');
  const name = `Tarta ${Date.now() % 100_000}`;
  const [dishes, categories] = [register(page, 'Dishes'), register(page, 'Categories')];
  await button(categories, 'Add a category').click();
  await field(page, 'Name').fill(`Dulces ${name}`);
  await button(dialog(page), 'Add').click();
  await categories.locator('tr', { hasText: `Dulces ${name}` }).waitFor();
  await button(dishes, 'Add a dish').click();
  await field(page, 'Name').fill(name);
  await field(page, 'Category').selectOption(`Dulces ${name}`);
  await field(page, 'Price (EUR)').fill('4.999');
  await button(dialog(page), 'Add').click();
  await dialog(page).getByRole('alert').waitFor();
  await field(page, 'Price (EUR)').fill('4.90');
  await field(page, 'Course').selectOption('dessert');
  await field(page, 'Station').selectOption('dessert');
  await accessible(page);
  await button(dialog(page), 'Add').click();
  await dishes.getByRole('searchbox').fill(name);
  const dish = dishes.locator('tbody tr', { hasText: name });
  await dish.filter({ hasText: '€4.90' }).filter({ hasText: 'available' }).waitFor();
  await dish.getByRole('button', { name: 'Sold out' }).click();
  await dish.filter({ hasText: 'sold out' }).waitFor();
  await dish.getByRole('button', { name: 'Count' }).click();
  await field(page, 'Portions').fill('7');
  await button(dialog(page), 'Keep').click();
  await dish.filter({ hasText: '7 left' }).waitFor();
  await dish.getByRole('button', { name: 'Change' }).click();
  await field(page, 'Station').selectOption('');
  await field(page, 'Price (EUR)').fill('5.5');
  await button(dialog(page), 'Keep').click();
  await dish.filter({ hasText: '€5.50' }).filter({ hasText: 'by its category' }).waitFor();
  await shot(page, 'admin-menu');
  await accessible(page);
  // The category cannot go before its dish.
  const gone = categories.locator('tr', { hasText: `Dulces ${name}` });
  await gone.getByRole('button', { name: 'Remove' }).click();
  await button(dialog(page), 'Remove').click();
  await page.locator('#news .problem').waitFor();
  await dish.getByRole('button', { name: 'Remove' }).click();
  await button(dialog(page), 'Remove').click();
  await dish.waitFor({ state: 'detached' });
  await gone.getByRole('button', { name: 'Remove' }).click();
  await button(dialog(page), 'Remove').click();
  await gone.waitFor({ state: 'detached' });
  assert.deepEqual(errors, []);
});

test('the lunch hour: the switch brings tickets onto a kitchen display, and sends the guests away again', async () => {
  await clear(manager);
  const { page, errors } = await office();
  const kitchen = await machine({ size: 'display', theme: 'dark' });
  await signIn(kitchen, 'expo@restaurante.com', '/kitchen');
  await kitchen.page.locator('.empty').waitFor();
  const lunch = page.getByRole('switch', { name: 'Lunch hour' });
  await lunch.waitFor();
  await page.getByLabel('Pace').selectOption('60');
  await lunch.focus();
  await page.keyboard.press('Space');
  await page.locator('[role=switch][aria-checked=true]').waitFor();
  await kitchen.page.locator('.wall .ticket').nth(1).waitFor({ timeout: 120_000 });
  await page.locator('.newest li', { hasText: 'by Waiter' }).first().waitFor();
  await shot(page, 'admin-lunch');
  await accessible(page);
  await lunch.click();
  await page.locator('[role=switch][aria-checked=false]').waitFor();
  await until(async () => await number(page, 'open') === 0);
  assert.equal((await manager.ask('GET', '/board')).sessions.length, 0);
  assert.deepEqual([errors, kitchen.errors], [[], []]);
});

test('by keyboard alone, from tab to tab and into a form and out', async () => {
  const { page, errors } = await office();
  await page.locator('[data-view=live]').focus();
  for (let n = 0; n < 4; n += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await register(page, 'Dishes').waitFor();
  const add = button(page, 'Add a category');
  await add.focus();
  await page.keyboard.press('Enter');
  await field(page, 'Name').waitFor();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  assert.ok(await add.evaluate((it) => it === document.activeElement), 'the focus is back where it was');
  await page.goBack();
  await page.locator('[data-view=live][aria-current=page]').waitFor();
  assert.deepEqual(errors, []);
});

test('at every size, in both languages and themes, it reads and taps well', async () => {
  await clear(manager);
  for (let n = 0; n < 4; n += 1) await manager.order(n, [{ name: 'Croquetas', qty: 2 }, { name: 'Agua' }]);
  for (const [size, theme, locale] of [['display', 'dark', 'en-GB'], ['laptop', 'light', 'es-ES'], ['tablet', 'light', 'en-GB'], ['tablet', 'dark', 'es-ES']]) {
    const { page, errors } = await office({ size, theme, locale });
    await page.locator('.sockets tbody tr').first().waitFor();
    for (const tab of ['live', 'people', 'devices', 'house', 'menu']) {
      await page.locator(`[data-view=${tab}]`).click();
      await page.locator(`[data-view=${tab}][aria-current=page]`).waitFor();
      if (tab !== 'live' && tab !== 'devices') await page.locator('.register tbody tr').first().waitFor();
      await accessible(page);
      await touchable(page, { least: 48 });
      const wide = await page.evaluate(() => document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth);
      assert.equal(wide, 0, `${tab} at ${size} is too wide`);
      await shot(page, `admin-${tab}-${size}-${theme}`);
    }
    assert.deepEqual(errors, []);
  }
});
