// One table: the menu on one side, what it has ordered on the other; sent and not sent apart.

import { el, reconcile, setText } from '../dom.js';
import { icon } from '../icons.js';
import { money, t } from '../words.js';
import { sum, times } from './floor.js';
import { dishes, draftLine, order } from './lines.js';

export class TableView {
  #category = null;
  #text = '';
  #drawn = '';
  #lines = 0;

  // `on`: {back, add(dish), change(key, change), note(line), course(line), send, line(order, item), serve(order, lines), transfer, close}
  constructor(on) {
    this.on = on;
    this.title = el('h2', {});
    this.categories = el('nav', { class: 'categories', 'aria-label': t('waiter.categories') });
    this.dishes = el('ul', { class: 'dishes' });
    this.sent = el('div', { class: 'sent' });
    this.unsent = el('ul', { class: 'unsent-lines' });
    this.counted = el('h3', {});
    this.send = el('button', { class: 'button big primary send', onclick: () => on.send() });
    this.total = el('span', { class: 'total' });
    const search = el('input', {
      type: 'search', placeholder: t('waiter.search'), 'aria-label': t('waiter.search'),
      oninput: (event) => {
        this.#text = event.target.value;
        this.redraw();
      },
    });
    this.transfer = el('button', { class: 'button', onclick: () => on.transfer() }, t('waiter.transfer'));
    this.close = el('button', { class: 'button', onclick: () => on.close() }, t('waiter.close'));
    this.root = el('div', { class: 'table-view' },
      el('section', { class: 'card', 'aria-label': t('waiter.menu') }, search, this.categories, this.dishes),
      el('section', { class: 'ticket-pane' },
        el('header', {},
          el('button', { class: 'button', onclick: on.back, 'aria-label': t('waiter.back') }, icon('back')),
          this.title, this.total),
        el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('waiter.lines') }, this.sent, this.counted, this.unsent),
        el('footer', {}, this.transfer, this.close, this.send)));
  }

  // `shown`: {table, session, orders, lines, waiting, menu, currency}
  draw(shown) {
    this.shown = shown;
    this.redraw();
  }

  redraw() {
    const { table, session, orders, lines, waiting, menu, currency } = this.shown;
    setText(this.title, t('kitchen.table', { name: table.name }));
    const due = sum(orders.filter(({ status }) => status !== 'CANCELLED').map((one) => one.total));
    setText(this.total, session ? money(due, currency) : '');
    this.#menu(menu, currency);
    const keys = orders.map((one) => `${one.version}${one.items.map(({ unsent }) => unsent ?? '')}`);
    const drawn = JSON.stringify([table.id, keys, waiting.map(({ id }) => id)]);
    if (drawn !== this.#drawn) {
      this.#drawn = drawn;
      this.sent.replaceChildren(
        ...orders.map((one) => order(one, this.on)),
        ...waiting.map((entry) => el('p', { class: 'not-in-kitchen' }, icon('clock'), t('waiter.onItsWay', { n: entry.meta.lines.length }))),
      );
    }
    setText(this.counted, lines.length ? t('waiter.notSent', { n: lines.length }) : '');
    const line = ({ key, qty, notes, course, held }) => `${key} ${qty} ${notes} ${course ?? ''} ${held ?? ''}`;
    reconcile(this.unsent, lines, line, (one) => draftLine(one, this.on, currency));
    // What was taken down last is in sight.
    if (lines.length > this.#lines) this.unsent.lastElementChild.scrollIntoView({ block: 'nearest' });
    this.#lines = lines.length;
    const price = sum(lines.map((one) => times(one.price, one.qty)));
    setText(this.send, lines.length ? `${t('waiter.send', { n: lines.length })} · ${money(price, currency)}` : t('waiter.nothingToSend'));
    this.send.disabled = !lines.length;
    this.transfer.disabled = !session;
    this.close.disabled = !session || orders.some(({ status }) => !['SERVED', 'CLOSED', 'CANCELLED'].includes(status));
  }

  #menu(menu, currency) {
    if (!menu.categories.includes(this.#category)) this.#category = menu.categories[0] ?? null;
    const choose = (category) => {
      this.#category = category;
      this.redraw();
    };
    reconcile(this.categories, menu.categories, (name) => `${name} ${name === this.#category}`, (name) =>
      el('button', { class: 'button', 'aria-pressed': String(name === this.#category), onclick: () => choose(name) }, name));
    const found = menu.find({ category: this.#category, text: this.#text });
    const one = ({ id, name, price, available, remaining }) => [id, name, price, available, remaining].join();
    reconcile(this.dishes, found, one, (dish) => dishes(dish, this.on, currency));
  }
}

