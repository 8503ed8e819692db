// `/admin`: what is connected and what happens, and everything that a manager keeps: people, displays, tables, the menu.

import { el, set } from '../dom.js';
import { newsBar } from '../news.js';
import { begin, mainMenu } from '../shell.js';
import { t } from '../words.js';
import { devices } from './devices.js';
import { Live } from './live.js';
import { dishes, categories } from './menu.js';
import { invites, users } from './people.js';
import { Register } from './register.js';
import { stations, tables } from './house.js';

const ROLES = ['MANAGER', 'OWNER'];
// In ms.
const NEWS_FOR = 8_000;

const $ = (selector) => document.querySelector(selector);

// Some registers under one tab.
class Page {
  root = el('div', { class: 'page-of-lists' });

  constructor(registers) {
    this.registers = registers;
    this.root.append(...registers.map(({ root }) => root));
  }

  show() {
    for (const register of this.registers) register.load();
  }

  hide() {}
}

class Admin {
  #shown = null;

  constructor(comanda) {
    this.comanda = comanda;
    const context = { comanda, api: comanda.api, say: newsBar($('#news'), NEWS_FOR) };
    const page = (...kinds) => new Page(kinds.map((kind) => new Register(kind(context), context)));
    // By what the address says after #.
    this.views = {
      live: new Live(context),
      people: page(users, invites),
      devices: page(devices),
      house: page(tables, stations),
      menu: page(dishes, categories),
    };
    $('.views').append(...Object.keys(this.views).map((name) =>
      el('a', { class: 'button', href: `#${name}`, 'data-view': name }, t(`admin.tab.${name}`))));
    addEventListener('hashchange', () => this.go());
  }

  go() {
    const asked = location.hash.slice(1);
    const name = asked in this.views ? asked : 'live';
    this.#shown?.hide();
    this.#shown = this.views[name];
    for (const link of document.querySelectorAll('[data-view]')) {
      set(link, { 'aria-current': link.dataset.view === name ? 'page' : null });
    }
    $('#main').replaceChildren(this.#shown.root);
    $('#main').scrollTop = 0;
    this.#shown.show();
  }
}

async function main() {
  const comanda = await begin({ name: 'admin', roles: ROLES, linkBarIn: $('#link') });
  if (!comanda) return;
  $('.bar').append(mainMenu(comanda));
  const admin = new Admin(comanda);
  comanda.start();
  admin.go();
}

main();
