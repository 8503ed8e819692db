// The wall of tickets: measured once, laid out in columns, drawn again only where something differs, at most once a frame.

import { el, reconcile, setText } from '../dom.js';
import { t } from '../words.js';
import { layout } from './layout.js';
import { piece, tick } from './ticket.js';

// CSS pixels: between tickets of a column, and of the word that a ticket is continued.
const GAP = 12;
const CONTINUED = 40;

export class Wall {
  #heights = new Map();

  // `measure`: a column out of sight, as wide as those of the wall. `more`: the button that says how many tickets are out of
  // sight to the right, and goes there. `on`: what taps do, see ticket.js.
  constructor(root, measure, more, on) {
    Object.assign(this, { root, measure, more, on });
    more.onclick = () => root.scrollBy({ left: root.clientWidth * 0.8 });
    root.onscroll = () => this.#countHidden();
  }

  // `list`: tickets, each with a `signature` that differs when it has to be drawn again.
  draw(list, now) {
    if (!list.length) {
      this.more.hidden = true;
      return this.root.replaceChildren(el('p', { class: 'empty' }, t('kitchen.empty')));
    }
    this.#measure(list);
    const height = this.root.clientHeight - 2 * GAP;
    const sized = list.map((ticket) => ({ key: ticket.order.id, ...this.#heights.get(ticket.order.id).sizes }));
    const columns = layout(sized, { height, gap: GAP, continued: CONTINUED });
    const byOrder = new Map(list.map((ticket) => [ticket.order.id, ticket]));
    const make = () => el('div', { class: 'column' });
    reconcile(this.root, columns.map((pieces, index) => ({ pieces, index })), ({ index }) => index, make, (column, { pieces }) => {
      this.#fill(column, pieces, byOrder);
    });
    this.#countHidden();
    return tick(this.root, now);
  }

  // After the window or the text changed its size everything is measured anew.
  forget() {
    this.#heights.clear();
  }

  #countHidden() {
    const edge = this.root.scrollLeft + this.root.clientWidth;
    const hidden = [...this.root.children].filter((column) => column.offsetLeft + column.offsetWidth / 2 > edge);
    const begun = hidden.reduce((sum, column) => sum + column.querySelectorAll('.head').length, 0);
    this.more.hidden = begun === 0;
    setText(this.more, t('kitchen.more', { n: begun }));
  }

  #fill(column, pieces, byOrder) {
    const wanted = pieces.map((one) => {
      const ticket = byOrder.get(one.key);
      const drawn = `${ticket.signature} ${one.from}-${one.to} ${one.first} ${one.last}`;
      return { one, ticket, drawn, key: `${one.key}/${one.from}` };
    });
    // What differs is made again under another key, so that what has not changed keeps its element and its focus.
    reconcile(column, wanted, ({ key, drawn }) => `${key} ${drawn}`, ({ one, ticket }) => piece(ticket, one, this.on));
  }

  #measure(list) {
    const changed = list.filter(({ order, signature }) => this.#heights.get(order.id)?.signature !== signature);
    const alive = new Set(list.map(({ order }) => order.id));
    for (const id of this.#heights.keys()) if (!alive.has(id)) this.#heights.delete(id);
    if (!changed.length) return;
    const silent = { bump() {}, tap() {} };
    const whole = (ticket) => piece(ticket, { from: 0, to: ticket.lines.length, first: true, last: true }, silent);
    const elements = changed.map(whole);
    // All are put in before any is read: one layout for all.
    this.measure.replaceChildren(...elements);
    elements.forEach((element, at) => {
      const rows = [...element.querySelectorAll('.lines > li')].map((row) => row.offsetHeight);
      const foot = element.querySelector('.elsewhere')?.offsetHeight ?? 0;
      const head = element.offsetHeight - rows.reduce((sum, row) => sum + row, 0) - foot;
      const { order, signature } = changed[at];
      this.#heights.set(order.id, { signature, sizes: { head, lines: rows, foot } });
    });
    this.measure.replaceChildren();
  }
}
