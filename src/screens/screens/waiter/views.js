// The floor, a tile a table, and the queue of what is ready to be carried.

import { el, reconcile } from '../dom.js';
import { icon } from '../icons.js';
import { age, t } from '../words.js';
import { readyQueue, tiles } from './floor.js';

const ICONS = { free: 'table', seated: 'person', ordered: 'kitchen', ready: 'ready', served: 'check' };

export class Floor {
  root = el('ul', { class: 'floor' });

  constructor(open) {
    this.open = open;
  }

  draw(board, now, drafts) {
    const list = tiles(board, { drafts });
    if (!list.length) return this.root.replaceChildren(el('li', { class: 'empty' }, t('waiter.noTables')));
    const minutes = ({ since }) => (since === null ? '' : Math.max(0, Math.floor((now - since) / 60_000)));
    const drawn = (tile) => [tile.table.id, tile.table.name, tile.state, tile.ready, tile.drafts, minutes(tile)].join();
    return reconcile(this.root, list, drawn, (tile) => el('li', {}, this.#tile(tile, minutes(tile))));
  }

  #tile({ table, state, ready, drafts }, minutes) {
    return el(
      'button',
      { class: 'tile', 'data-state': state, onclick: () => this.open(table.id) },
      el('strong', {}, table.name),
      el('span', { class: 'state' }, icon(ICONS[state]), t(`waiter.${state}`)),
      minutes !== '' && el('span', { class: 'minutes' }, t('waiter.minutes', { n: minutes })),
      ready > 0 && el('span', { class: 'badge' }, t('waiter.readyCount', { n: ready })),
      drafts > 0 && el('span', { class: 'badge unsent' }, t('waiter.notSent', { n: drafts })),
    );
  }
}

export class Ready {
  root = el('div', { class: 'scroll' });
  #list = el('ul', { class: 'recent' });

  constructor({ open, serve }) {
    Object.assign(this, { open, serve });
  }

  draw(board, now) {
    const queue = readyQueue(board);
    if (!queue.length) return this.root.replaceChildren(el('p', { class: 'empty' }, t('waiter.nothingReady')));
    if (this.#list.parentElement !== this.root) this.root.replaceChildren(this.#list);
    const drawn = ({ order, lines }) => `${order.id} ${lines.map(({ id, version }) => `${id}${version}`)}`;
    reconcile(this.#list, queue, drawn, (ready) => this.#row(ready));
    for (const time of this.#list.querySelectorAll('time')) time.textContent = age(now - Number(time.dataset.since));
    return undefined;
  }

  #row({ order, lines, since }) {
    const place = order.tableName ? t('kitchen.table', { name: order.tableName }) : t('kitchen.counter');
    return el('li', {},
      el('button', { class: 'button', disabled: !order.tableId, onclick: () => this.open(order.tableId) }, place, ` #${order.number}`),
      el('span', { class: 'dish' }, lines.map((item) => `${item.qty} × ${item.name}`).join(', ')),
      el('time', { 'data-since': since }),
      el('button', { class: 'button big primary', onclick: () => this.serve(order, lines) }, icon('check'), t('waiter.serve')));
  }
}
