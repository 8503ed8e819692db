// One ticket on the screen: its head (one tap bumps it), its lines (one tap each: the next state), and what others still hold.

import { el, setText } from '../dom.js';
import { icon } from '../icons.js';
import { age, t } from '../words.js';

const MARKS = { NEW: 'kitchen.new', CHANGED: 'kitchen.changed', VOIDED: 'kitchen.void' };
const STATES = { IN_PROGRESS: 'kitchen.cooking', READY: 'kitchen.ready', HELD: 'kitchen.held', SERVED: 'kitchen.served' };

// A piece of a ticket: the lines from..to, with its head where it is the first. `on`: {bump(ticket), tap(order, item)}.
export function piece(ticket, { from, to, first, last }, on, now) {
  const { order, lines, level, gone } = ticket;
  const parts = [
    first ? head(ticket, on, now) : el('p', { class: 'continued' }, `#${order.number} ${t('kitchen.continued')}`),
    first && order.note && el('p', { class: 'note whole' }, icon('note'), order.note),
    el('ul', { class: 'lines' }, lines.slice(from, to).map((item) => el('li', {}, line(order, item, gone, on)))),
    last ? foot(ticket) : el('p', { class: 'continues', 'aria-hidden': 'true' }, t('kitchen.continues')),
  ];
  return el('article', { class: 'ticket', 'data-level': level, 'data-gone': gone, 'data-order': order.id, 'aria-label': name(order) }, parts);
}

export function name(order) {
  return `${order.tableName ? t('kitchen.table', { name: order.tableName }) : t('kitchen.counter')} #${order.number}`;
}

function head(ticket, on, now) {
  const { order, waiter, index, since, level, marked, gone } = ticket;
  return el(
    'button',
    { class: 'head', disabled: gone, onclick: () => on.bump(ticket), 'aria-label': t('kitchen.bump', { name: name(order) }) },
    el('span', { class: 'place' }, order.tableName ?? t('kitchen.counter')),
    el('span', { class: 'number' }, `#${order.number}`, index <= 9 && el('kbd', {}, String(index))),
    order.priority > 0 && el('span', { class: 'mark rush' }, icon('fire'), t('kitchen.rush')),
    gone ? el('span', { class: 'timer' }, icon('check'), t('kitchen.gone')) : el('span', { class: 'timer', 'data-since': since }, age(now - since)),
    el('span', { class: 'waiter' }, waiter ?? ''),
    level !== 'fresh' && !gone && el('span', { class: 'level' }, t(`kitchen.${level}`)),
    marked && el('span', { class: 'unsent' }, icon('clock', t('kitchen.unsent'))),
  );
}

function line(order, item, gone, on) {
  const over = item.status === 'VOIDED' || item.status === 'CANCELLED';
  const state = over ? 'VOIDED' : item.status;
  const mark = item.attention && MARKS[item.attention];
  return el(
    'button',
    { class: 'line', 'data-status': state, 'data-item': item.id, disabled: gone, onclick: () => on.tap(order, item) },
    el('span', { class: 'qty' }, String(item.qty)),
    el('span', { class: 'dish' }, over ? el('s', {}, item.name) : item.name),
    mark && el('span', { class: 'mark', 'data-mark': item.attention }, t(mark)),
    STATES[state] && el('span', { class: 'state' }, t(STATES[state])),
    item.unsent && el('span', { class: 'unsent' }, icon('clock', t('kitchen.unsent'))),
    item.notes && el('span', { class: 'note' }, item.notes),
  );
}

function foot({ elsewhere }) {
  if (!elsewhere.length) return null;
  const words = elsewhere.map(({ station, left }) => `${station} ${left}`).join(' · ');
  return el('p', { class: 'elsewhere' }, t('kitchen.elsewhere', { words }));
}

// The heads' count-up timers, once a second.
export function tick(root, now) {
  for (const timer of root.querySelectorAll('.timer[data-since]')) setText(timer, age(now - Number(timer.dataset.since)));
}
