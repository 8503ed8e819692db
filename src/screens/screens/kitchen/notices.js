// What passes: the bar that takes a bump back, what was missed while the link was down, and what the server refused.

import { el } from '../dom.js';
import { icon } from '../icons.js';
import { t } from '../words.js';
import { missed } from './tickets.js';

// In ms: long enough to read it from the other end of the pass.
const NEWS_FOR = 12_000;

export class Notices {
  #takeBack = null;
  #timers = {};

  constructor(undo, news) {
    Object.assign(this, { undoBar: undo, newsBar: news });
  }

  undo(what, lasts, act) {
    const end = () => {
      this.#takeBack = null;
      this.undoBar.replaceChildren();
    };
    this.#takeBack = () => {
      end();
      act();
    };
    const button = el('button', { class: 'button big', onclick: () => this.takeBack() }, icon('undo'), t('kitchen.undo'), el('kbd', {}, 'U'));
    this.undoBar.replaceChildren(el('span', {}, t('kitchen.bumped', { what })), button);
    clearTimeout(this.#timers.undo);
    this.#timers.undo = setTimeout(end, lasts);
  }

  takeBack() {
    this.#takeBack?.();
  }

  missed(events) {
    const { news, changes, voids } = missed(events);
    const parts = [
      news && t('kitchen.missedNew', { n: news }),
      changes && t('kitchen.missedChanges', { n: changes }),
      voids && t('kitchen.missedVoids', { n: voids }),
    ].filter(Boolean);
    if (parts.length) this.#say('info', t('kitchen.missed', { what: parts.join(', ') }));
  }

  problem(text) {
    this.#say('problem', text);
  }

  #say(kind, text) {
    const close = () => this.newsBar.replaceChildren();
    const button = el('button', { class: 'button quiet', onclick: close, 'aria-label': t('kitchen.dismiss') }, icon('close'));
    this.newsBar.replaceChildren(el('p', { class: kind }, text, button));
    clearTimeout(this.#timers.news);
    this.#timers.news = setTimeout(close, NEWS_FOR);
  }
}
