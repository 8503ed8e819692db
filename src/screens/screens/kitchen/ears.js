// What a cook hears: distinct sounds for what is new, changed, void, late, and for the link; after it is on the screen.

import { play } from '../sounds.js';

// Worst first: of several things at once one is heard.
const ORDER = ['void', 'changed', 'new', 'late'];

export class Ears {
  #before = null;
  #link = null;

  constructor(comanda) {
    comanda.addEventListener('link', ({ detail }) => this.#heardLink(detail.state));
  }

  // Called with the tickets that are on the screen now.
  listen(shown) {
    const now = new Map();
    for (const { order, lines, level } of shown) now.set(order.id, { level, lines });
    const before = this.#before;
    this.#before = now;
    // What was there when the screen began is no news.
    if (!before) return;
    const heard = new Set();
    for (const [id, { level, lines }] of now) {
      const old = before.get(id);
      if (!old) heard.add('new');
      else if (level === 'late' && old.level !== 'late') heard.add('late');
      if (!old || old.lines === lines) continue;
      const marks = new Map(old.lines.map((item) => [item.id, item.attention]));
      for (const { id: item, attention } of lines) {
        if (attention && marks.get(item) !== attention) heard.add(attention === 'VOIDED' ? 'void' : 'changed');
      }
    }
    const worst = ORDER.find((one) => heard.has(one));
    if (worst) requestAnimationFrame(() => play(worst));
  }

  #heardLink(state) {
    const lost = state === 'stale' || state === 'offline' || state === 'ended';
    if (lost && this.#link === 'live') play('lost');
    if (state === 'live' && this.#link !== null && this.#link !== 'live') play('back');
    this.#link = state;
  }
}
