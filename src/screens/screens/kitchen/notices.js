// What passes: the bar that takes a bump back, what was missed while the link was down, and what the server refused.

import { el } from '../dom.js';
import { icon } from '../icons.js';
import { newsBar } from '../news.js';
import { t } from '../words.js';
import { missed } from './tickets.js';

// In ms: long enough to read it from the other end of the pass.
const NEWS_FOR = 12_000;

export class Notices {
  #takeBack = null;
  #timer = null;
  #say;

  constructor(undo, news) {
    this.undoBar = undo;
    this.#say = newsBar(news, NEWS_FOR);
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
    clearTimeout(this.#timer);
    this.#timer = setTimeout(end, lasts);
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
}
