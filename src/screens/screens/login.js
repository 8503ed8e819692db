// `/login`: who uses this machine. Goes where `?next=` says, to a page of ours, else where the role belongs.

import { Session } from '/comanda.js';
import { dress } from './shell.js';
import { t } from './words.js';

const PAGES = ['/kitchen', '/waiter', '/admin'];
const HOMES = { OWNER: '/admin', MANAGER: '/admin', WAITER: '/waiter', CASHIER: '/waiter', EXPO: '/kitchen', KITCHEN: '/kitchen' };

dress();
const form = document.querySelector('form');
const button = form.querySelector('button');
const problem = document.querySelector('.problem');
const session = new Session({ url: location.origin });
const next = new URLSearchParams(location.search).get('next');

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  problem.hidden = true;
  button.disabled = true;
  button.textContent = t('login.busy');
  try {
    const user = await session.login(form.email.value.trim(), form.password.value);
    location.assign(PAGES.includes(next) ? next : (HOMES[user.role] ?? '/'));
  } catch (error) {
    const known = ['INVALID_CREDENTIALS', 'TOO_MANY_REQUESTS'].includes(error.code);
    problem.textContent = known ? t(`login.${error.code}`) : error.status ? error.message : t('login.failed');
    problem.hidden = false;
    button.disabled = false;
    button.textContent = t('login.submit');
    form.password.focus();
  }
});
form.email.focus();
