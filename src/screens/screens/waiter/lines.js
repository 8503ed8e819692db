// The rows of a table's view: a dish of the menu, a line that is not sent, an order that is.

import { courseName } from '../courses.js';
import { el } from '../dom.js';
import { icon } from '../icons.js';
import { money, shortTime, t } from '../words.js';
import { times } from './floor.js';

const OVER = new Set(['VOIDED', 'CANCELLED']);

export function dishes(dish, on, currency) {
  const { name, price, available, remaining } = dish;
  const gone = !available || remaining === 0;
  return el('li', {},
    el('button', { class: 'dish-button', disabled: gone, onclick: () => on.add(dish) },
      el('span', { class: 'name' }, name),
      el('span', { class: 'price' }, gone ? t('waiter.soldOut') : money(price, currency)),
      !gone && remaining !== null && el('span', { class: 'badge' }, t('waiter.left', { n: remaining }))));
}

export function draftLine(line, on, currency) {
  const { key, name, qty, notes, price, course, held } = line;
  const step = (by) => on.change(key, { qty: qty + by });
  return el('li', { class: 'draft-line' },
    el('span', { class: 'name' }, name),
    el('span', { class: 'price' }, money(times(price, qty), currency)),
    el('span', { class: 'stepper' },
      el('button', { class: 'button big', onclick: () => step(-1), 'aria-label': t('waiter.less', { name }) }, icon('minus')),
      el('output', {}, String(qty)),
      el('button', { class: 'button big', onclick: () => step(1), 'aria-label': t('waiter.more', { name }) }, icon('plus'))),
    el('button', { class: 'button big', onclick: () => on.note(line) }, icon('note'), notes || t('waiter.addNote')),
    el('button', { class: 'button big', 'aria-pressed': String(Boolean(held)), onclick: () => on.change(key, { held: !held }) }, t('waiter.hold')),
    el('button', { class: 'button big', onclick: () => on.course(line) }, course ? courseName(course) : t('admin.course')));
}

export function order(one, on) {
  const ready = one.items.filter(({ status }) => status === 'READY');
  return el('article', { class: 'sent-order', 'data-status': one.status, 'data-order': one.id },
    el('header', {},
      el('strong', {}, `#${one.number}`),
      el('span', {}, t(`order.${one.status}`)),
      el('span', { class: 'taken' }, icon('check'), t('waiter.taken', { time: shortTime(Date.parse(one.confirmedAt)) })),
      ready.length > 0 && el('button', { class: 'button big primary', onclick: () => on.serve(one, ready) }, t('waiter.serveAll', { n: ready.length }))),
    el('ul', {}, one.items.map((item) => el('li', {}, sentLine(one, item, on)))));
}

function sentLine(one, item, on) {
  const over = OVER.has(item.status);
  return el('button', { class: 'sent-line', 'data-status': item.status, 'data-item': item.id, disabled: over || one.status === 'CLOSED', onclick: () => on.line(one, item) },
    el('span', { class: 'qty' }, `${item.qty} ×`),
    el('span', { class: 'name' }, over ? el('s', {}, item.name) : item.name),
    el('span', { class: 'state' }, item.unsent && icon('clock', t('kitchen.unsent')), t(`item.${item.status}`)),
    item.notes && el('span', { class: 'notes' }, item.notes));
}
