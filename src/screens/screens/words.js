// What the screens say, in the reader's language. The texts are in texts.js, and only there.

import { TEXTS } from './texts.js';

const SLOT = 'comanda.language';
export const LANGUAGES = { en: 'English', es: 'Español' };

function chosen() {
  const wanted = [localStorage.getItem(SLOT), ...navigator.languages].filter(Boolean);
  return wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag in LANGUAGES) ?? 'en';
}

export const language = chosen();
document.documentElement.lang = language;

const plural = new Intl.PluralRules(language);

// The text of a key; `{name}` in it is replaced. Texts of two forms, `{one, other}`, choose by `n`.
export function t(key, values = {}) {
  let text = TEXTS[language][key] ?? TEXTS.en[key] ?? key;
  if (typeof text === 'object') text = text[plural.select(values.n)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

export function speak(tag) {
  localStorage.setItem(SLOT, tag);
  location.reload();
}

const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const shortClock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

// 19:04:22
export const time = (ms) => clock.format(ms);
// 19:04
export const shortTime = (ms) => shortClock.format(ms);

const calendar = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
// 20 Nov, 19:04
export const date = (ms) => calendar.format(ms);

// 0:42, 12:07, 1:02:33
export function age(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (n) => String(n).padStart(2, '0');
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

// "15.50" in the restaurant's currency, as the reader writes it; the bare amount where the currency is not known, as on a
// board that an older release kept.
export function money(amount, currency) {
  const digits = /\.(\d+)$/.exec(amount)?.[1].length ?? 0;
  const how = currency ? { style: 'currency', currency } : { minimumFractionDigits: digits };
  return new Intl.NumberFormat(language, how).format(amount);
}

// Fills what a page's HTML names: data-t for text, data-t-label for aria-label, data-t-placeholder.
export function translate(root = document) {
  for (const element of root.querySelectorAll('[data-t]')) element.textContent = t(element.dataset.t);
  for (const element of root.querySelectorAll('[data-t-label]')) element.setAttribute('aria-label', t(element.dataset.tLabel));
  for (const element of root.querySelectorAll('[data-t-placeholder]')) element.placeholder = t(element.dataset.tPlaceholder);
}
