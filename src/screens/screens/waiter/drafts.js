// What was taken down and not sent yet, a draft a table. Every keystroke is kept on this machine.

import { randomKey } from '/comanda.js';

const PREFIX = 'draft/';

export class Drafts extends EventTarget {
  #byTable = new Map();

  constructor(storage) {
    super();
    this.storage = storage;
  }

  async open() {
    const kept = await this.storage.list(PREFIX);
    this.#byTable = new Map(kept.map((draft) => [draft.table, draft]));
  }

  lines(table) {
    return this.#byTable.get(table)?.lines ?? [];
  }

  // How many lines each table has.
  counts() {
    return new Map([...this.#byTable].map(([table, { lines }]) => [table, lines.length]));
  }

  // One more of a dish: of the same, without a note, a line has one more.
  add(table, dish) {
    const lines = this.lines(table);
    const same = lines.find((line) => line.menuItemId === dish.id && !line.notes);
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
    if (lines.length) this.#byTable.set(table, { table, lines });
    else this.#byTable.delete(table);
    this.dispatchEvent(new CustomEvent('change'));
    return lines.length ? this.storage.put(PREFIX + table, { table, lines }) : this.storage.delete(PREFIX + table);
  }
}
