// The wall of tickets. Heights are measured once a look; where each ticket stands is arithmetic, so that a drawing reads no
// layout but of what is new, and what moves is neither made nor laid out again.

import { el, reconcile, set, setText } from '../dom.js';
import { t } from '../words.js';
import { layout } from './layout.js';
import { piece, tick } from './ticket.js';
import { Touch } from './touch.js';

// CSS pixels: between tickets; a column is as wide as fills the wall, and this at least; the word that a ticket is continued.
const GAP = 12;
const COLUMN = 300;
const CONTINUED = 41;
// Tickets measured in one frame, a screen full: a wall of 200 is there within a few frames, none of which is long.
const AT_ONCE = 12;

export class Wall {
  #measured = new Map();
  #room = null;
  #columns = [];
  #scrolled = 0;
  #touch = new Touch();
  #down = 0;
  #chosen = null;
  #rail = el('div', { class: 'rail' });

  // `measure`: a column out of sight. `more`: the button that says how many tickets are out of sight to the right, and goes
  // there. `on`: what taps do, see ticket.js, and `resized`, after which the wall is to be drawn again.
  constructor(root, measure, more, on) {
    Object.assign(this, { root, measure, more, on });
    more.onclick = () => root.scrollBy({ left: root.clientWidth * 0.8 });
    root.onscroll = () => {
      this.#scrolled = root.scrollLeft;
      this.#countHidden();
    };
    root.addEventListener('pointerdown', ({ timeStamp }) => { this.#down = timeStamp; }, true);
    root.addEventListener('click', (event) => this.#isMeant(event) || event.stopPropagation(), true);
    new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = root;
      // Nothing while another view is shown.
      if (!width || (this.#room?.width === width && this.#room.height === height)) return;
      if (this.#room?.width !== width) this.forget();
      this.#fit(width, height);
      on.resized();
    }).observe(root);
  }

  // `list`: tickets, each with a `signature` that differs when it has to be drawn again. True where some are left for the
  // next frame.
  draw(list, now) {
    if (!list.length) {
      this.more.hidden = true;
      this.#touch.drew([], [], performance.now());
      this.root.replaceChildren(el('p', { class: 'empty' }, t('kitchen.empty')));
      return false;
    }
    // Off the page while another view is shown, it has no size.
    if (!this.#room?.width) this.#fit(this.root.clientWidth, this.root.clientHeight);
    const left = this.#measure(list, now);
    const shown = this.#drawable(list);
    const { height, column } = this.#room;
    const sized = shown.map(({ ticket, sizes }) => ({ key: ticket.order.id, ...sizes }));
    this.#columns = layout(sized, { height: height - 2 * GAP, gap: GAP });
    const known = new Map(shown.map((one) => [one.ticket.order.id, one]));
    const pieces = this.#columns.flatMap((of, at) => of.map((one) => placed(one, known.get(one.key), GAP + at * (column + GAP), column)));
    const focused = this.#focused();
    reconcile(this.#rail, pieces, ({ drawn }) => drawn, (one) => this.#make(one, now), put);
    if (focused && document.activeElement === document.body) this.#rail.querySelector(focused)?.focus({ preventScroll: true });
    if (this.#rail.parentElement !== this.root) this.root.replaceChildren(this.#rail);
    const width = `${GAP + this.#columns.length * (column + GAP)}px`;
    if (this.#rail.style.width !== width) this.#rail.style.width = width;
    this.#touch.drew(pieces, shown.map(({ ticket }) => ticket.order.id), performance.now());
    this.#countHidden();
    return left;
  }

  // Once a second.
  tick(now) {
    tick(this.#rail, now);
  }

  // After the text changed its size everything is measured anew.
  forget() {
    this.#measured.clear();
  }

  // Chooses the n-th ticket, for keys; none where it was another one a moment ago.
  choose(n) {
    this.#chosen = this.#touch.nth(n, performance.now()) ?? null;
    for (const ticket of this.#rail.children) this.#mark(ticket);
    const head = this.#rail.querySelector('[data-chosen] .head');
    head?.focus({ preventScroll: true });
    head?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  #mark(ticket) {
    set(ticket, { 'data-chosen': ticket.dataset.order === this.#chosen });
  }

  #fit(width, height) {
    const count = Math.max(1, Math.floor((width - GAP) / (COLUMN + GAP)));
    const column = Math.floor((width - GAP) / count) - GAP;
    this.#room = { width, height, column };
    for (const { style } of [this.root, this.measure]) style.setProperty('--column', `${column}px`);
  }

  #isMeant(event) {
    const target = event.target.closest('.head, .line');
    // A key on a focused button has no place.
    if (!target || event.detail === 0) return true;
    const { left, top } = this.root.getBoundingClientRect();
    const point = { x: event.clientX - left + this.root.scrollLeft, y: event.clientY - top };
    const order = target.closest('.ticket').dataset.order;
    return this.#touch.meant({ order, item: target.dataset.item }, point, this.#down || event.timeStamp);
  }

  // What has the focus, as a selector: its ticket may be made again.
  #focused() {
    const active = document.activeElement;
    const ticket = active?.closest?.('.ticket');
    if (!ticket || !this.#rail.contains(ticket)) return null;
    const { item } = active.dataset;
    return `[data-order="${ticket.dataset.order}"] ${item ? `[data-item="${item}"]` : '.head'}`;
  }

  #countHidden() {
    if (!this.#room) return;
    const { width, column } = this.#room;
    const edge = this.#scrolled + width;
    const hidden = this.#columns.filter((_, at) => GAP + at * (column + GAP) + column / 2 > edge);
    const begun = hidden.flat().filter(({ first }) => first).length;
    this.more.hidden = begun === 0;
    setText(this.more, t('kitchen.more', { n: begun }));
  }

  #make({ from, to, first, last, known }, now) {
    const { ticket, whole } = known;
    known.whole = null;
    const made = first && last && whole ? whole : piece(ticket, { from, to, first, last }, this.on, now);
    this.#mark(made);
    return made;
  }

  // Measures what looks new, up to some; true where some are left. What was only bumped has the size that it had.
  #measure(list, now) {
    const alive = new Set(list.map(({ order }) => order.id));
    for (const id of this.#measured.keys()) if (!alive.has(id)) this.#measured.delete(id);
    const changed = [];
    for (const ticket of list) {
      const known = this.#measured.get(ticket.order.id);
      if (known?.ticket.signature === ticket.signature) continue;
      if (ticket.gone && known) this.#measured.set(ticket.order.id, { ticket, sizes: known.sizes, whole: null });
      else changed.push(ticket);
    }
    const next = changed.slice(0, AT_ONCE);
    const elements = next.map((ticket) => piece(ticket, { from: 0, to: ticket.lines.length, first: true, last: true }, this.on, now));
    // All are put in before any is read: one layout for all.
    if (elements.length) this.measure.replaceChildren(...elements);
    const sizes = elements.map(sizesOf);
    elements.forEach((whole, at) => this.#measured.set(next[at].order.id, { ticket: next[at], sizes: sizes[at], whole }));
    return changed.length > next.length;
  }

  // As the tickets were measured: one that waits for its turn is shown as it was; one that never was holds up those after it.
  #drawable(list) {
    const shown = [];
    for (const { order } of list) {
      const known = this.#measured.get(order.id);
      if (!known) break;
      shown.push(known);
    }
    return shown;
  }
}

function sizesOf(element) {
  const lines = [...element.querySelectorAll('.lines > li')].map((row) => row.offsetHeight);
  const foot = element.querySelector('.elsewhere')?.offsetHeight ?? 0;
  const head = element.offsetHeight - lines.reduce((sum, row) => sum + row, 0) - foot;
  return { head, lines, foot, continued: CONTINUED + element.offsetHeight - element.clientHeight };
}

// A piece with its place on the wall, and all that a tap on it needs. What differs is made again under another name, so that
// what has not changed keeps its element and its focus.
function placed(one, known, left, width) {
  const { key, from, to, first, last } = one;
  const { ticket, sizes } = known;
  return {
    ...one, known, left, width, top: GAP + one.top,
    order: ticket.order.id,
    lines: ticket.lines.slice(from, to).map(({ id }) => id),
    head: first ? sizes.head : sizes.continued,
    heights: sizes.lines.slice(from, to),
    drawn: `${key}/${from}-${to} ${first} ${last} ${ticket.signature}`,
  };
}

// Moved by a transform: it is neither laid out nor painted again. Out of sight it is not even that, and has this size.
function put(element, { left, top, height }) {
  const at = `translate(${left}px, ${top}px)`;
  if (element.at !== at) element.style.transform = element.at = at;
  if (element.tall !== height) element.style.containIntrinsicHeight = `${(element.tall = height)}px`;
}
