// What specifications print for browsers, in one. 003's login, React list, Vue list and complete setup: as printed but for
// the words of README's table; what one of them writes the others hear. 002's lines for a console: as printed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { PRINTED, bundle } from '../specification/bundle.mjs';
import { PASSWORD, URL_, machine } from './browser.mjs';
import { Staff } from './house.mjs';

const MANAGER = 'manager@restaurante.com';
const ENTRIES = {
  login: "import { authService } from './auth.service'; globalThis.authService = authService;",
  react: `import { createRoot } from 'react-dom/client'; import { UserList } from './components/UserList.tsx';
    createRoot(document.getElementById('app')).render(<UserList />);`,
  vue: "import { createApp } from 'vue'; import UserList from './components/UserList.vue'; createApp(UserList).mount('#app');",
  setup: `import { createRoot } from 'react-dom/client'; import App from './App';
    createRoot(document.getElementById('app')).render(<App />);`,
};

const { scripts, unused } = await bundle(ENTRIES, URL_);
const printed = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
scripts.donations = [
  printed('../node_modules/socket.io-client/dist/socket.io.min.js'),
  printed('../specification/donations.js').replace(PRINTED, URL_),
].join('\n');
// The origin that FRONTEND_URL names.
const origin = `http://127.0.0.1:${process.env.COMANDA_CABLE_PORT}`;
const pages = createServer(({ url }, response) => {
  const [, name, kind] = url.match(/^\/(\w+)(\.js)?$/) ?? [];
  if (!scripts[name]) return response.writeHead(204).end();
  if (kind) return response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(scripts[name]);
  const html = `<!doctype html><meta charset="utf-8"><title>${name}</title><div id="app"></div><script src="/${name}.js"></script>`;
  return response.writeHead(200, { 'Content-Type': 'text/html' }).end(html);
});

let office;
before(async () => {
  await new Promise((resolve) => pages.listen(Number(process.env.COMANDA_CABLE_PORT), '127.0.0.1', resolve));
  office = await machine({ stays: true });
  await office.page.goto(`${origin}/login`);
});
after(() => pages.close());

async function open(name) {
  const page = await office.context.newPage();
  await page.goto(`${origin}/${name}`);
  return page;
}

const lines = (page) => page.locator('li').allTextContents();
const line = (page, text) => page.locator('li', { hasText: text });

test('what README says changes is what is printed', () => assert.deepEqual(unused, []));

test('its login says who somebody is, keeps the token, and refuses', async () => {
  const log = await office.page.evaluate(([email, password]) => globalThis.authService.login(email, password), [MANAGER, PASSWORD]);
  assert.equal(log.user.email, MANAGER);
  assert.equal(await office.page.evaluate(() => localStorage.getItem('accessToken')), log.accessToken);
  assert.equal((await office.page.evaluate(() => globalThis.authService.getAccount())).email, MANAGER);
  const wrong = (email) => globalThis.authService.login(email, 'wrong password').then(() => null, (refused) => refused);
  const refused = await office.page.evaluate(wrong, MANAGER);
  assert.deepEqual([refused.event, refused.error.code], [undefined, 'INVALID_CREDENTIALS']);
});

test('its React list writes, its Vue list and the restaurant hear of it', async () => {
  const [react, vue] = [await open('react'), await open('vue')];
  for (const page of [react, vue]) {
    await line(page, MANAGER).waitFor();
    await page.getByText('🟢').waitFor();
  }
  const staff = (await lines(vue)).length;
  await react.getByText('Add User').click();
  for (const page of [react, vue]) await line(page, 'New User - newuser@example.com').waitFor();
  await line(react, 'newuser@example.com').getByText('Edit').click();
  for (const page of [react, vue]) await line(page, 'Updated Name - newuser@example.com').waitFor();
  await line(react, 'newuser@example.com').getByText('Delete').click();
  for (const page of [react, vue]) await line(page, 'newuser@example.com').waitFor({ state: 'detached' });
  assert.deepEqual([(await lines(react)).length, (await lines(vue)).length], [staff, staff]);

  const waiter = await Staff.login('waiter@restaurante.com');
  const { events } = await waiter.ask('GET', '/events?after=0');
  assert.deepEqual(events.map(({ event }) => event), ['user-create-one', 'user-update-one', 'user-delete-one']);
  assert.equal(events[1].data.items[0].name, 'Updated Name');
});

test('its complete setup lists, adds and deletes, and a Vue list hears it', async () => {
  const [setup, vue] = [await open('setup'), await open('vue')];
  for (const page of [setup, vue]) await line(page, MANAGER).waitFor();
  await setup.getByText('Add User').click();
  for (const page of [setup, vue]) await line(page, 'New User - new@example.com').waitFor();
  await line(setup, 'new@example.com').getByText('Delete').click();
  for (const page of [setup, vue]) await line(page, 'new@example.com').waitFor({ state: 'detached' });
});

test('its lines for a console hear of donations', async () => {
  const [waiter, ngo] = [await Staff.login('waiter@restaurante.com'), await Staff.login('ngo@banco.org')];
  await office.page.evaluate((token) => localStorage.setItem('token', token), ngo.token);
  const page = await office.context.newPage();
  const says = (text) => page.waitForEvent('console', (message) => message.text().startsWith(text)).then((message) => message.args()[1].jsonValue());
  const said = Promise.all([says('New donation:'), says('Donation claimed:')]);
  await page.goto(`${origin}/donations`);
  await page.evaluate(() => socket.connected || new Promise((done) => socket.once('connect', done)));
  const given = await waiter.ask('POST', '/donations', {
    name: 'Pan', foodType: 'Bakery', quantity: '5', unit: 'kg', imageUrls: [],
    location: { lat: 40.4168, lng: -3.7038, address: 'Puerta del Sol 1' }, expiryTime: new Date(Date.now() + 3_600_000).toISOString(),
  });
  await ngo.ask('POST', `/donations/${given.id}/claim`);
  const { events } = await ngo.ask('GET', '/donations/events?after=0');
  assert.deepEqual(await said, events.map(({ data }) => data));
});

test('no console complained', () => assert.deepEqual(office.errors, []));
