// The kitchen display in service: paired by a code, tickets come, are cooked, bumped, taken back; the cable is pulled and put
// back; the page is loaded again in the middle of it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { URL_, accessible, kept, live, machine, shot, signIn, touchable } from './browser.mjs';
import { Cable } from './cable.mjs';
import { Staff, clear, inLanes, keeps, until } from './house.mjs';
import { longestTask } from './tasks.mjs';

const DISHES = ['Solomillo al whisky', 'Ensalada César', 'Croquetas', 'Paella mixta', 'Spaghetti carbonara', 'Tarta de queso'];
const STATIONS = ['grill', 'cold', 'fryer', 'grill', 'pasta', 'dessert'];
const lines = (n, from = 0) =>
  Array.from({ length: n }, (_, at) => ({ name: DISHES[(at + from) % 6], station: STATIONS[(at + from) % 6], qty: 1 + (at % 3) }));

let waiter, manager, cook;
const cable = new Cable();
before(async () => {
  waiter = await Staff.login('waiter@restaurante.com');
  manager = await Staff.login('manager@restaurante.com');
  cook = await Staff.login('kitchen@restaurante.com');
  await cable.open();
});
after(() => cable.close());

const ticket = (page, { id }) => page.locator(`.wall .ticket[data-order="${id}"]`);
const clickBump = (page, order) => ticket(page, order).locator('.head').click();
const undo = (page) => page.locator('#undo button');

async function display(how = {}, url = URL_) {
  const it = await machine({ size: 'display', theme: 'dark', ...how });
  await signIn(it, 'expo@restaurante.com', '/kitchen', url);
  return it;
}

test('a display is paired by a code, for one station, and needs no login afterwards', async () => {
  await keeps(5000, async () => {
    await clear(manager);
    const it = await machine({ size: 'display' });
    await it.page.goto(`${URL_}/kitchen`);
    const shown = it.page.locator('.code', { hasText: /^\w{4} \w{4}$/ });
    await shown.waitFor();
    await accessible(it.page);
    await shot(it.page, 'kitchen-pairing');
    const code = (await shown.textContent()).replace(' ', '');
    const device = await manager.ask('POST', '/devices/claim', { code, name: 'Grill pass', role: 'KITCHEN', station: 'grill' });
    await live(it.page);
    const order = await waiter.order(0, [{ name: 'Steak', station: 'grill' }, { name: 'Salad', station: 'cold', qty: 2 }]);
    await ticket(it.page, order).waitFor();
    assert.match(await ticket(it.page, order).textContent(), /Steak.*cold 2/s);
    assert.equal(await it.page.locator('#station').inputValue(), 'grill');
    await it.page.reload();
    await ticket(it.page, order).waitFor();
    // Removed in the office, it is out, and says so.
    const removed = Date.now();
    await manager.ask('DELETE', `/devices/${device.id}`);
    await it.page.locator('.link[data-state=ended]', { hasText: 'Signed out by the server' }).waitFor();
    const took = Date.now() - removed;
    assert.deepEqual(it.errors, []);
    return took;
  });
});

test('a ticket from the table to the pass: line by line, bumped, taken back, recalled', async () => {
  await clear(manager);
  const { page, errors } = await display();
  const order = await waiter.order(1, lines(3), 'Alergia: frutos secos');
  const mine = ticket(page, order);
  await mine.waitFor();
  assert.match(await mine.textContent(), /Alergia: frutos secos/);
  const line = mine.locator('.line').first();
  await line.click();
  await mine.locator('.line[data-status=IN_PROGRESS]').waitFor();
  await page.waitForTimeout(350);
  await line.click();
  await mine.locator('.line[data-status=READY]').waitFor();
  // Late, changed, void: each says its name, and the void is seen by a tap.
  const late = await waiter.late(order, { name: 'Pan', station: 'grill' });
  await mine.locator('.mark', { hasText: 'NEW' }).waitFor();
  await waiter.ask('PATCH', `/orders/${order.id}/items/${order.items[1].id}`, { qty: 7 });
  await mine.locator('.mark', { hasText: 'CHANGED' }).waitFor();
  await waiter.ask('POST', `/orders/${order.id}/items/${late.id}/status`, { status: 'CANCELLED' });
  const voided = mine.locator(`[data-item="${late.id}"]`);
  await voided.locator('.mark', { hasText: 'VOID' }).waitFor();
  await voided.click();
  await mine.locator('.mark', { hasText: 'VOID' }).waitFor({ state: 'detached' });
  // Bumped by the head, taken back by the bar, bumped by keys, called back from the list.
  await clickBump(page, order);
  await page.locator('.ticket[data-gone]').waitFor();
  await undo(page).click();
  await mine.locator('.line[data-status=PENDING]').first().waitFor();
  const stands = (wanted) => until(async () => (await waiter.ask('GET', `/orders/${order.id}`)).status === wanted);
  await stands('IN_PROGRESS');
  await page.waitForTimeout(350);
  await page.keyboard.press('1');
  await page.keyboard.press('Enter');
  await mine.waitFor({ state: 'detached', timeout: 10_000 });
  await stands('READY');
  await page.keyboard.press('r');
  await accessible(page);
  await shot(page, 'kitchen-recent');
  await page.locator('.recent li').first().getByRole('button').click();
  await page.keyboard.press('t');
  await mine.waitFor();
  assert.deepEqual(errors, []);
});

test('a ticket that others bump keeps its place, and a tap that lands on what came there is not taken', async () => {
  await clear(manager);
  const { page, errors } = await display();
  const first = await waiter.order(1, lines(1));
  const second = await waiter.order(2, lines(2));
  await ticket(page, second).waitFor();
  const [place, before] = [await ticket(page, first).boundingBox(), await ticket(page, second).boundingBox()];
  await cook.ask('POST', `/orders/${first.id}/bump`, {});
  await ticket(page, first).and(page.locator('[data-gone]', { hasText: 'Done' })).waitFor();
  assert.deepEqual(await ticket(page, second).boundingBox(), before, 'nothing moves at once');
  assert.ok(await ticket(page, first).locator('.head').isDisabled());
  await shot(page, 'kitchen-gone');
  await accessible(page);
  // The finger was on its way to the first one when the second came there.
  const hit = await page.evaluate(async ({ id, x, y }) => {
    const head = () => document.querySelector(`[data-order="${id}"] .head`);
    while (head().getBoundingClientRect().top > y) await new Promise(requestAnimationFrame);
    const there = document.elementFromPoint(x, y).closest('.ticket').dataset.order;
    for (const [kind, detail] of [['pointerdown', 0], ['click', 1]]) {
      const how = { bubbles: true, cancelable: true, clientX: x, clientY: y, detail };
      head().dispatchEvent(kind === 'click' ? new MouseEvent(kind, how) : new PointerEvent(kind, how));
    }
    return there;
  }, { id: second.id, x: place.x + 20, y: place.y + 20 });
  assert.equal(hit, second.id);
  await page.waitForTimeout(1_000);
  assert.equal(await undo(page).count(), 0);
  // Who has seen it means it.
  await clickBump(page, second);
  await undo(page).waitFor();
  assert.deepEqual(errors, []);
});

// Notes whole sounds by the pitch of their first tone, as sounds.js has them.
const PITCHES = { new: 880, changed: 660, void: 440, late: 988, lost: 220, back: 523 };
const listen = (page) => page.addInitScript(() => {
  globalThis.heard = [];
  globalThis.AudioContext = class {
    state = 'suspended';
    currentTime = 0;
    async resume() { this.state = 'running'; }
    createOscillator() {
      const tone = { frequency: {}, connect: (to) => to, start: () => globalThis.heard.push(tone.frequency.value), stop() {} };
      return tone;
    }
    createGain() { return { gain: { setValueAtTime() {}, linearRampToValueAtTime() {}, setTargetAtTime() {} }, connect() {} }; }
  };
});

test('what a cook hears and sees as time goes by: new, changed, void, warned, late, rushed; two taps at once are one', async () => {
  await clear(manager);
  const station = (await manager.ask('GET', '/stations')).find(({ isDefault }) => isDefault);
  const { warnAfterS, lateAfterS } = station;
  await manager.ask('PATCH', `/stations/${station.id}`, { warnAfterS: 12, lateAfterS: 20 });
  try {
    const it = await machine({ size: 'display', theme: 'dark' });
    const { page, errors } = it;
    await listen(page);
    await signIn(it, 'expo@restaurante.com', '/kitchen', cable.url);
    const hears = async (what, act) => {
      await page.evaluate(() => { globalThis.heard.length = 0; });
      await act();
      await page.waitForFunction((pitch) => globalThis.heard.includes(pitch), PITCHES[what]);
    };
    await hears('new', () => page.locator('#sound').click());
    let order;
    await hears('new', async () => { order = await waiter.order(1, [{ name: 'Steak', station: station.name }, { name: 'Soup', station: station.name }]); });
    const mine = ticket(page, order);
    await hears('changed', () => waiter.late(order, { name: 'Bread', station: station.name }));
    await hears('void', () => waiter.move(order, 1, 'CANCELLED'));
    await mine.locator('.line').first().dblclick();
    await mine.locator('.line[data-status=IN_PROGRESS]').waitFor();
    // By colour and by word and by border.
    await mine.and(page.locator('[data-level=warn]')).locator('.level', { hasText: /\S/ }).waitFor();
    const quiet = await mine.locator('.level').textContent();
    await page.evaluate(() => { globalThis.heard.length = 0; });
    await mine.and(page.locator('[data-level=late]')).locator('.level', { hasText: /\S/ }).waitFor();
    await page.waitForFunction((pitch) => globalThis.heard.includes(pitch), PITCHES.late);
    assert.notEqual(await mine.locator('.level').textContent(), quiet);
    assert.match(await mine.evaluate((element) => getComputedStyle(element).borderStyle), /double/);
    assert.equal((await waiter.ask('GET', `/orders/${order.id}`)).items[0].status, 'IN_PROGRESS', 'two taps at once are one');
    await accessible(page);
    await shot(page, 'kitchen-late');
    // What is pressing goes first, by hand.
    const rushed = await waiter.order(2, [{ name: 'Steak', station: station.name }]);
    await ticket(page, rushed).waitFor();
    await manager.ask('POST', `/orders/${rushed.id}/priority`, { priority: 5 });
    await page.locator('.wall .ticket').first().locator('.rush').waitFor();
    assert.equal(await page.locator('.wall .ticket').first().getAttribute('data-order'), rushed.id);
    // Another station's display has nothing of it.
    const other = (await manager.ask('GET', '/stations')).find(({ id }) => id !== station.id);
    await page.locator('#station').selectOption(other.name);
    await page.locator('.wall .empty').waitFor();
    await page.locator('#station').selectOption('');
    await mine.waitFor();
    // U takes back what was bumped last.
    await page.waitForTimeout(600);
    await clickBump(page, order);
    await page.locator('.ticket[data-gone]').waitFor();
    await page.keyboard.press('u');
    await mine.and(page.locator(':not([data-gone])')).waitFor();
    await hears('lost', async () => cable.cut());
    await hears('back', async () => cable.mend());
    assert.deepEqual(errors, []);
  } finally {
    cable.mend();
    await manager.ask('PATCH', `/stations/${station.id}`, { warnAfterS, lateAfterS });
  }
});

test('the wall at every size, in both themes, reads and taps well; long tickets go on', async () => {
  await clear(manager);
  for (let n = 0; n < 9; n += 1) await waiter.order(n, lines(1 + ((n * 7) % 6), n));
  await waiter.order(9, lines(15));
  for (const [size, theme, locale] of [['display', 'dark', 'en-GB'], ['laptop', 'light', 'es-ES'], ['tablet', 'light', 'en-GB']]) {
    const { page, errors } = await display({ size, theme, locale });
    await page.locator('.ticket').nth(8).waitFor();
    await accessible(page);
    await touchable(page, { least: 80, within: 'main' });
    await touchable(page, { least: 48 });
    await shot(page, `kitchen-${size}-${theme}`);
    await page.keyboard.press('a');
    await page.locator('.allday li').first().waitFor();
    await accessible(page);
    await shot(page, `kitchen-allday-${size}`);
    assert.deepEqual(errors, []);
  }
  const { page } = await display();
  await page.locator('.wall .continued').first().waitFor();
});

test('the cable is pulled: said within 5 s, tickets stay, taps wait; put back: nothing is missing', async () => {
  await clear(manager);
  const { page, errors } = await display({}, cable.url);
  const before = await waiter.order(2, lines(2));
  await ticket(page, before).waitFor();
  for (const how of ['cut', 'swallow']) {
    await keeps(6000, async () => {
      cable.mend();
      await live(page);
      const pulled = Date.now();
      cable[how]();
      await page.locator('.link:is([data-state=stale], [data-state=offline])').waitFor();
      return Date.now() - pulled;
    });
    assert.ok(await ticket(page, before).isVisible());
    // The age of the last data stands in the banner itself.
    await page.locator('.link .more', { hasText: /last data \d+:\d\d ago/ }).waitFor();
    const [banner, age] = [await page.locator('.link').boundingBox(), await page.locator('.link .more').boundingBox()];
    assert.ok(age.y >= banner.y && age.y + age.height <= banner.y + banner.height, JSON.stringify([banner, age]));
    await shot(page, `kitchen-${how}`);
    if (how === 'cut') {
      // A tap waits, marked by a clock, while the house goes on.
      await ticket(page, before).locator('.line').first().click();
      await ticket(page, before).locator('.line .unsent').waitFor();
    }
    const meanwhile = await waiter.order(3, lines(1));
    const gone = await waiter.order(4, lines(1));
    await manager.ask('POST', `/orders/${gone.id}/items/${gone.items[0].id}/status`, { status: 'CANCELLED' });
    cable.mend();
    await ticket(page, meanwhile).waitFor({ timeout: 20_000 });
    // The next round's are not these.
    await page.locator('#news', { hasText: /2 new.*1 void/ }).getByRole('button').click();
    await live(page);
  }
  await ticket(page, before).locator('.line[data-status=IN_PROGRESS]:not(:has(.unsent))').waitFor();
  const { items } = await waiter.ask('GET', `/orders/${before.id}`);
  assert.equal(items[0].status, 'IN_PROGRESS');
  assert.deepEqual(errors, []);
});

test('a bump whose answer was lost is taken back without a network: done and undone, and on the wall all the while', async () => {
  await clear(manager);
  const { page, errors } = await display({}, cable.url);
  const order = await waiter.order(6, lines(2));
  await ticket(page, order).waitFor();
  // The server does it and nobody hears.
  await page.context().route(/\/bump$/, async (route) => {
    await route.fetch();
    cable.cut();
    await route.abort();
  }, { times: 1 });
  await clickBump(page, order);
  await page.locator('.link:is([data-state=stale], [data-state=offline])').waitFor({ timeout: 8000 });
  await undo(page).click();
  await ticket(page, order).and(page.locator(':not([data-gone])')).locator('.line .unsent').first().waitFor();
  assert.equal((await waiter.ask('GET', `/orders/${order.id}`)).status, 'READY');
  cable.mend();
  await live(page);
  await ticket(page, order).locator('.line[data-status=PENDING]:not(:has(.unsent))').first().waitFor({ timeout: 20_000 });
  assert.equal((await waiter.ask('GET', `/orders/${order.id}`)).status, 'CONFIRMED');
  assert.deepEqual(errors, []);
});

test('loaded again with no network, the last board is there within two seconds', async () => {
  await clear(manager);
  const { page, errors } = await display({}, cable.url);
  const order = await waiter.order(5, lines(2));
  await ticket(page, order).waitFor();
  await page.waitForFunction(() => navigator.serviceWorker?.controller);
  await kept(page, 'kitchen.user', (await manager.ask('GET', '/board')).seq);
  cable.cut();
  await keeps(2000, async () => {
    const begun = Date.now();
    await page.reload();
    await ticket(page, order).waitFor();
    return Date.now() - begun;
  });
  await page.locator('.link[data-state=offline]', { hasText: /No connection since \d\d:\d\d:\d\d/ }).waitFor();
  cable.mend();
  await live(page);
  assert.deepEqual(errors, []);
});

// In ms: what one tap may wait for.
const LONGEST = 50;
test('200 open tickets and 20 events a second stay smooth: no task over 50 ms', async (t) => {
  await clear(manager);
  // A lane a table: nobody opens one that another is opening.
  const { tables } = await manager.ask('GET', '/board');
  const open = [];
  await inLanes(Array(200).fill(), async (_, n) => open.push(await waiter.order(n, lines(1 + (n % 3), n))), tables.length);
  open.sort((a, b) => a.number - b.number);
  const { page, errors } = await display();
  const all = () => page.waitForFunction(() => document.querySelectorAll('.wall .ticket:not([data-gone]) .head').length === 200);
  await all();
  const told = (what, { cpu, clock }) => t.diagnostic(`${what}: longest task ${cpu.toFixed(1)} ms of CPU time, ${clock.toFixed(1)} ms by the clock`);
  // The checker sees what it is to see.
  const bad = await longestTask(page, () => page.evaluate(() => { for (const end = performance.now() + 500; performance.now() < end;); }));
  told('a page that computes', bad);
  assert.ok(bad.clock >= 500 && bad.cpu > LONGEST, JSON.stringify(bad));
  const start = await longestTask(page, async () => {
    await page.reload();
    await all();
  });
  told('a start with 200 tickets', start);
  assert.ok(start.cpu <= LONGEST, JSON.stringify(start));
  // Lines are begun and put back, a ticket is bumped and another one comes: the whole wall moves with each.
  const service = await longestTask(page, async () => {
    const begun = Date.now();
    const sent = [];
    for (let n = 0; n < 200; n += 1) {
      await new Promise((resolve) => { setTimeout(resolve, Math.max(0, begun + n * 50 - Date.now())); });
      if (n % 10 === 8) sent.push(cook.ask('POST', `/orders/${open.shift().id}/bump`, {}));
      else if (n % 10 === 9) sent.push(waiter.order(n, lines(1 + (n % 3), n)).then((one) => open.push(one)));
      else {
        // Not one of those that are bumped; the same one's moves one after the other.
        const order = open[100 + ((n * 37) % (open.length - 100))];
        const to = (order.begun = !order.begun) ? 'IN_PROGRESS' : 'PENDING';
        order.moved = (order.moved ?? Promise.resolve()).then(() => cook.move(order, 0, to));
        sent.push(order.moved);
      }
    }
    await Promise.all(sent);
    await all();
  });
  told('20 events a second', service);
  assert.ok(service.cpu <= LONGEST, JSON.stringify(service));
  assert.deepEqual(errors, []);
});
