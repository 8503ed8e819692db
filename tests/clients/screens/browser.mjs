// Debian's Chromium in the tests' hands: windows of given size, language and theme, that fail on what a designer or a
// browser's console would complain about.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { after, afterEach } from 'node:test';
import { chromium } from 'playwright-core';
import { until } from './house.mjs';
import { PASSWORD, URL_ } from './where.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export { PASSWORD, URL_ };
// Where screenshots go.
export const SHOTS = process.env.COMANDA_SHOTS ?? '/tmp/comanda-shots';
export const SIZES = { display: [1920, 1080], laptop: [1280, 800], tablet: [800, 1280] };
mkdirSync(SHOTS, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  // Chromium refuses its sandbox as root, which is what a container's tests run as; the pages are our own.
  args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
});
after(() => browser.close());
// A test's machines end with it: what one leaves open would lay out and listen beside all that come after.
const machines = [];
afterEach(() => Promise.all(machines.splice(0).map((context) => context.close())));

// A machine of its own: storage, login, language, size. `errors` collects what its consoles complain about.
// `stays`: to the file's end.
export async function machine({ size = 'laptop', locale = 'en-GB', theme = 'light', stays = false } = {}) {
  const [width, height] = SIZES[size];
  const context = await browser.newContext({ viewport: { width, height }, locale, colorScheme: theme, serviceWorkers: 'allow' });
  if (!stays) machines.push(context);
  const errors = [];
  context.on('page', (page) => {
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      // What a cut network does to a fetch is the browser's to say, and our screens' to show otherwise.
      const network = /Failed to load resource|WebSocket connection to|net::ERR_/.test(message.text());
      if (message.type() === 'error' && !network) errors.push(message.text());
    });
  });
  return { context, errors, page: await context.newPage() };
}

// `url`: another way to the same server, as over a cable that is pulled later.
export async function signIn({ page }, email, path, url = URL_) {
  await page.goto(`${url}/login?next=${encodeURIComponent(path)}`);
  await page.fill('input[name=email]', email);
  await page.fill('input[name=password]', PASSWORD);
  await page.click('button');
  await page.waitForURL(`${url}${path}`);
  await live(page);
}

export const live = (page) => page.locator('.link[data-state=live]').waitFor();

// Until a page has kept the board as of `seq` on its machine: from there it goes on after a reload without a network.
export async function kept(page, name, seq) {
  const position = () => page.evaluate(async (name) => {
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const database = await done(indexedDB.open(`comanda.${name}`));
    const board = await done(database.transaction('values').objectStore('values').get('board'));
    database.close();
    return board?.seq ?? -1;
  }, name);
  await until(async () => await position() >= seq);
}

// Rules of accessibility, WCAG 2.2 AA and contrast of 7:1.
export async function accessible(page) {
  // Trusted types forbid scripts made of text: a new document's prelude is the debugger's, not the page's.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice', 'wcag2aaa'],
      rules: { 'identical-links-same-purpose': { enabled: false } },
    }),
  );
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).slice(0, 3).join(' | ')}`);
  assert.deepEqual(told, []);
}

// What may be tapped is large enough, in CSS pixels; text is not too small; nothing of the bar is out of the window.
export async function touchable(page, { least, within = 'body', text = 15 }) {
  const found = await page.evaluate(({ least, within, text }) => {
    const seen = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 0;
    const name = (element) => `${element.tagName.toLowerCase()}.${element.className} "${element.textContent.trim().slice(0, 30)}"`;
    const small = [...document.querySelectorAll(`${within} :is(button, a[href], input, select, summary, [role=button])`)]
      .filter(seen)
      .filter((element) => Math.min(element.getBoundingClientRect().height, element.getBoundingClientRect().width) < least - 0.5)
      .map((element) => `${name(element)} ${Math.round(element.getBoundingClientRect().width)}×${Math.round(element.getBoundingClientRect().height)}`);
    const tiny = [...document.querySelectorAll(`${within} *`)]
      .filter((element) => seen(element) && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
      .filter((element) => parseFloat(getComputedStyle(element).fontSize) < text)
      .map((element) => `${name(element)} ${getComputedStyle(element).fontSize}`);
    // The bar at the top has no second page.
    const outside = [...document.querySelectorAll('.bar *')]
      .filter((element) => seen(element) && !element.closest('.sheet, #sound span'))
      .filter((element) => element.getBoundingClientRect().right > innerWidth)
      .map(name);
    return { small, tiny, outside };
  }, { least, within, text });
  assert.deepEqual(found, { small: [], tiny: [], outside: [] });
}

export const shot = (page, name, how = {}) => page.screenshot({ path: `${SHOTS}/${name}.png`, ...how });
