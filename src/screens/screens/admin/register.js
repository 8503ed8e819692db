// A register: a list out of the API, what each row says, what can be done with it. The kinds are in people.js, devices.js,
// house.js and menu.js:
//
//   title, empty     texts
//   load()           the rows
//   columns          [{label, cell(row), number?}]; a cell is text or an element
//   add              {label, act()}, or null
//   acts(row)        [{label, icon, act(row), danger?}]
//   search(row)      the words it is found by, where there are many
//
// An act that resolves to anything but null or false has changed something: the list is read again.

import { el, reconcile, set, setText } from '../dom.js';
import { icon } from '../icons.js';
import { t } from '../words.js';

// Without accents and capitals.
const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();

export class Register {
  #rows = [];
  #body = el('tbody');
  #empty = el('p', { class: 'none' });
  #count = el('span', { class: 'count' });
  #search = null;
  #asked = 0;

  constructor(kind, { say }) {
    Object.assign(this, { kind, say });
    const { title, columns, add, search } = kind;
    const heads = columns.map(({ label, number }) => el('th', { scope: 'col', class: number && 'number' }, label));
    const last = kind.acts && el('th', { scope: 'col' }, el('span', { class: 'visually-hidden' }, t('admin.actions')));
    const heading = el('h2', {}, title);
    if (search) {
      const words = t('admin.search', { what: title });
      this.#search = el('input', { type: 'search', 'aria-label': words, placeholder: words, oninput: () => this.#draw() });
    }
    this.root = el('section', { class: 'register', 'aria-label': title },
      el('header', {}, heading, this.#count, this.#search,
        add && el('button', { class: 'button primary', onclick: () => this.#do(add.act) }, icon('plus'), add.label)),
      el('div', { class: 'table' }, el('table', {}, el('thead', {}, el('tr', {}, heads, last)), this.#body)),
      this.#empty);
    setText(this.#empty, t('admin.loading'));
  }

  async load() {
    const asked = ++this.#asked;
    try {
      const rows = await this.kind.load();
      // A later question was answered before this one.
      if (asked !== this.#asked) return;
      this.#rows = rows;
      this.#draw();
    } catch (error) {
      if (asked !== this.#asked) return;
      setText(this.#empty, t('admin.notLoaded', { why: error.message }));
      this.#empty.hidden = false;
    }
  }

  #draw() {
    const wanted = plain(this.#search?.value ?? '');
    const found = wanted ? this.#rows.filter((row) => plain(this.kind.search(row)).includes(wanted)) : this.#rows;
    // A row that says something else is another row.
    reconcile(this.#body, found, (row) => JSON.stringify(row), (row) => this.#row(row));
    setText(this.#count, t('admin.count', { n: found.length }));
    setText(this.#empty, wanted ? t('admin.noneFound') : this.kind.empty);
    this.#empty.hidden = found.length > 0;
    set(this.#body.parentElement, { hidden: found.length === 0 });
  }

  #row(row) {
    const { columns, acts } = this.kind;
    const name = columns[0].cell(row);
    const cells = columns.map(({ cell, number }, index) =>
      el(index ? 'td' : 'th', { scope: index ? null : 'row', class: number && 'number' }, index ? cell(row) : name));
    const buttons = (acts?.(row) ?? []).map(({ label, icon: sign, act, danger }) =>
      el('button', {
        class: `button ${danger ? 'danger' : ''}`,
        'aria-label': `${label}: ${name.textContent ?? name}`,
        onclick: () => this.#do(() => act(row)),
      }, icon(sign), el('span', { class: 'words' }, label)));
    return el('tr', {}, cells, acts && el('td', { class: 'acts' }, el('div', {}, buttons)));
  }

  async #do(act) {
    try {
      const done = await act();
      if (done !== null && done !== false) await this.load();
    } catch (error) {
      this.say('problem', error.message);
      await this.load();
    }
  }
}
