// The wall of tickets: measured once, laid out in columns, drawn again only where something differs, at most once a frame.

import { el, reconcile } from '../dom.js';
import { t } from '../words.js';
import { layout } from './layout.js';
import { piece, tick } from './ticket.js';

// CSS pixels: between tickets of a column, and of the word that a ticket is continued.
const GAP = 12;
const CONTINUED = 40;

export class Wall {
  #heights = new Map();

  // `measure`: a column out of sight, as wide as those of the wall. `on`: what taps do, see ticket.js.
  constructor(root, measure, on) {
    Object.assign(this, { root, measure, on });
  }

  // `list`: tickets, each with a `signature` that differs when it has to be drawn again.
  draw(list, now) {
    if (!list.length) return this.root.replaceChildren(el('p', { class: 'empty' }, t('kitchen.empty')));
    this.#measure(list);
    const height = this.root.clientHeight - 2 * GAP;
    const sized = list.map((ticket) => ({ key: ticket.order.id, ...this.#heights.get(ticket.order.id).sizes }));
    const columns = layout(sized, { height, gap: GAP, continued: CONTINUED });
    const byOrder = new Map(list.map((ticket) => [ticket.order.id, ticket]));
    const make = () => el('div', { class: 'column' });
    reconcile(this.root, columns.map((pieces, index) => ({ pieces, index })), ({ index }) => index, make, (column, { pieces }) => {
      this.#fill(column, pieces, byOrder);
    });
    return tick(this.root, now);
  }

  // After the window or the text changed its size everything is measured anew.
  forget() {
    this.#heights.clear();
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
