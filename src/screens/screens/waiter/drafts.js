// What was taken down and not sent yet, a draft a table. Every keystroke is kept on this machine.

import { randomKey } from '/comanda.js';

const PREFIX = 'draft/';

export class Drafts extends EventTarget {
  #byTable = new Map();

  // `restaurant`: whose drafts these are; another one's on the same tablet wait for it.
  constructor(storage, restaurant) {
    super();
    Object.assign(this, { storage, restaurant });
  }

  async open() {
    const kept = await this.storage.list(PREFIX);
    this.#byTable = new Map(kept.filter((draft) => draft.restaurant === this.restaurant).map((draft) => [draft.table, draft]));
  }

  lines(table) {
    return this.#byTable.get(table)?.lines ?? [];
  }

  // How many lines each table has.
  counts() {
    return new Map([...this.#byTable].map(([table, { lines }]) => [table, lines.length]));
  }

  // One more of a dish: a line of the same has one more, where nothing was said about it.
  add(table, dish) {
    const lines = this.lines(table);
    const same = lines.find((line) => line.menuItemId === dish.id && !line.notes && !line.held && line.course === dish.course);
    if (same) return this.change(table, same.key, { qty: same.qty + 1 });
    const { id: menuItemId, name, price, course, station } = dish;
    return this.put(table, [...lines, { key: randomKey(), menuItemId, name, price, course, station, qty: 1, notes: '' }]);
  }

  // A quantity of nothing takes the line away.
  change(table, key, change) {
    const lines = this.lines(table).map((line) => (line.key === key ? { ...line, ...change } : line));
    return this.put(table, lines.filter(({ qty }) => qty > 0));
  }

  put(table, lines) {
    const draft = { table, lines, restaurant: this.restaurant };
    if (lines.length) this.#byTable.set(table, draft);
    else this.#byTable.delete(table);
    this.dispatchEvent(new CustomEvent('change'));
    return lines.length ? this.storage.put(PREFIX + table, draft) : this.storage.delete(PREFIX + table);
  }
}
