// The two lists beside the tickets: how much of each dish in all, and what was done lately and can be called back.

import { el, reconcile } from '../dom.js';
import { icon } from '../icons.js';
import { shortTime, t } from '../words.js';
import { name } from './ticket.js';
import { allDay, recent } from './tickets.js';

export class AllDay {
  constructor(root) {
    this.root = root;
  }

  draw(board, _, station) {
    const counts = allDay(board, { station });
    if (!counts.length) return this.root.replaceChildren(el('p', { class: 'empty' }, t('kitchen.nothing')));
    const row = ({ name: dish, notes, qty, started }) =>
      el('li', {},
        el('span', { class: 'qty' }, String(qty)),
        el('span', { class: 'dish' }, dish),
        notes && el('span', { class: 'note' }, notes),
        started > 0 && el('span', { class: 'state' }, t('kitchen.started', { n: started })));
    return this.root.replaceChildren(el('ul', { class: 'allday' }, counts.map(row)));
  }
}

export class Recent {
  #list = el('ul', { class: 'recent' });

  constructor(root, recall) {
    Object.assign(this, { root, recall });
  }

  draw(board, now, station) {
    const list = recent(board, { station, now });
    if (!list.length) return this.root.replaceChildren(el('p', { class: 'empty' }, t('kitchen.noneRecent')));
    if (this.#list.parentElement !== this.root) this.root.replaceChildren(this.#list);
    const drawn = ({ key, lines }) => `${key} ${lines.map(({ id, version }) => `${id}${version}`)}`;
    return reconcile(this.#list, list, drawn, (done) => this.#row(done));
  }

  #row(done) {
    const { order, lines, at } = done;
    const dishes = lines.map((item) => `${item.qty} × ${item.name}`).join(', ');
    const served = lines.every(({ status }) => status === 'SERVED');
    const back = () => this.recall(done);
    return el('li', {},
      el('strong', {}, name(order)),
      el('span', { class: 'dish' }, dishes),
      el('time', {}, shortTime(at)),
      served
        ? el('span', { class: 'state' }, t('kitchen.served'))
        : el('button', { class: 'button big', onclick: back }, icon('recall'), t('kitchen.recall')));
  }
}
