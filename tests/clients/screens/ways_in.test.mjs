// The way in: the first page, signing in, and what a wrong password says; both languages, both themes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { URL_, accessible, machine, shot, signIn, touchable } from './browser.mjs';

for (const [locale, theme, lead] of [['en-GB', 'light', 'none is lost'], ['es-ES', 'dark', 'sin perder ninguna']]) {
  test(`the first page and the login in ${locale}, ${theme}`, async () => {
    const { page, errors } = await machine({ locale, theme });
    await page.goto(`${URL_}/`);
    assert.match(await page.textContent('.lead'), new RegExp(lead));
    await accessible(page);
    await touchable(page, { least: 48, within: '.doors' });
    await shot(page, `home-${theme}`);
    await page.goto(`${URL_}/login`);
    await accessible(page);
    await touchable(page, { least: 48, within: 'form' });
    await shot(page, `login-${theme}`);
    assert.deepEqual(errors, []);
  });
}

test('a wrong password is told, and a page asked for without a login comes after it', async () => {
  const it = await machine();
  await it.page.goto(`${URL_}/login`);
  await it.page.fill('input[name=email]', 'waiter@restaurante.com');
  await it.page.fill('input[name=password]', 'wrong password');
  await it.page.click('button');
  await it.page.getByRole('alert').filter({ hasText: 'wrong' }).waitFor();
  await it.page.goto(`${URL_}/login?next=https://evil.example/`);
  await it.page.fill('input[name=email]', 'waiter@restaurante.com');
  await it.page.fill('input[name=password]', 'password123');
  await it.page.click('button');
  await it.page.waitForURL(`${URL_}/waiter`);
  assert.deepEqual(it.errors, []);
});
