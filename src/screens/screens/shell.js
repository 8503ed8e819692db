// What every screen has: a login that fits, one Comanda, the link's truth, the theme, the way out, a screen that stays awake.

import { Comanda } from '/comanda.js';
import { el } from './dom.js';
import { icon } from './icons.js';
import { linkBar } from './link.js';
import { LANGUAGES, language, speak, t, translate } from './words.js';

const THEME = 'comanda.theme';

function applyTheme() {
  const theme = localStorage.getItem(THEME);
  if (theme) document.documentElement.dataset.theme = theme;
}

export function switchTheme() {
  const dark = getComputedStyle(document.documentElement).colorScheme.includes('dark');
  localStorage.setItem(THEME, dark ? 'light' : 'dark');
  applyTheme();
}

// Installing, and loading without a network: only where the page is trusted. The page's policy lets no text become a script
// but by this one rule, which knows one worker.
function serviceWorker() {
  if (!isSecureContext || !('serviceWorker' in navigator)) return;
  const script = globalThis.trustedTypes?.createPolicy('comanda', { createScriptURL: () => '/sw.js' }).createScriptURL('');
  navigator.serviceWorker.register(script ?? '/sw.js').catch(() => {});
  navigator.serviceWorker.ready.then(({ active }) => {
    if (!navigator.serviceWorker.controller) active.postMessage('claim');
  });
}

// A kitchen display must not go dark in the middle of the service.
export async function stayAwake() {
  if (!('wakeLock' in navigator)) return;
  const ask = () => navigator.wakeLock.request('screen').catch(() => null);
  await ask();
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && ask());
}

let dressed = false;

export function dress() {
  if (dressed) return;
  dressed = true;
  applyTheme();
  translate();
  serviceWorker();
}

export function goToLogin() {
  location.replace(`/login?next=${encodeURIComponent(location.pathname)}`);
}

// Begins a screen for one of `roles`. `session` names the login it uses. Null where somebody must sign in first; the page
// is on its way there then.
export async function begin({ name, roles, session = 'user', linkBarIn }) {
  dress();
  const comanda = new Comanda({ name, session });
  if (!comanda.session.signedIn || !roles.includes(comanda.session.user.role)) {
    goToLogin();
    return null;
  }
  comanda.addEventListener('signedout', () => comanda.stop());
  linkBarIn?.append(linkBar(comanda, { signIn: goToLogin }));
  await comanda.open();
  // Somebody else signed in, in another tab.
  const { owner } = comanda.session;
  addEventListener('storage', ({ key }) => {
    if (key === comanda.session.slot && comanda.session.signedIn && comanda.session.owner !== owner) location.reload();
  });
  addEventListener('pagehide', () => comanda.stop());
  addEventListener('pageshow', (event) => event.persisted && location.reload());
  return comanda;
}

// The menu that every screen has in a corner: who is signed in, language, theme, the way out.
export function mainMenu(comanda, ...more) {
  const { user, device } = comanda.session;
  const languages = el(
    'select',
    { 'aria-label': t('menu.language'), onchange: (event) => speak(event.target.value) },
    Object.entries(LANGUAGES).map(([tag, name]) => el('option', { value: tag, selected: tag === language }, name)),
  );
  languages.value = language;
  // What has not left stays here for this login: to go all the same is to be said twice.
  let warned = false;
  const out = async ({ currentTarget }) => {
    const unsent = comanda.outbox.waiting.length;
    if (unsent && !warned) {
      warned = true;
      currentTarget.textContent = t('menu.unsent', { n: unsent });
      return;
    }
    await comanda.signOut();
    location.assign('/');
  };
  return el(
    'details',
    { class: 'main-menu' },
    el('summary', { class: 'button quiet', 'aria-label': t('menu.open') }, icon('menu')),
    el(
      'div',
      { class: 'sheet' },
      el('p', { class: 'who' }, icon('person'), device?.name ?? user?.name ?? ''),
      ...more,
      languages,
      el('button', { class: 'button', onclick: switchTheme }, icon('moon'), t('menu.theme')),
      el('a', { class: 'button', href: '/' }, t('menu.home')),
      el('button', { class: 'button', onclick: out }, t('menu.signOut')),
      !isSecureContext && el('p', { class: 'fine' }, t('link.insecure')),
    ),
  );
}
