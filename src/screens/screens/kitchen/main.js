// `/kitchen`: a station's display. It is paired once by a code, or somebody signs in; then it shows what is to be made.

import { Session } from '/comanda.js';
import { el, set, setText } from '../dom.js';
import { icon } from '../icons.js';
import { overlaid } from '../overlay.js';
import { begin, dress, goToLogin, mainMenu, stayAwake } from '../shell.js';
import { blocked, muted, play, setMuted, unlock } from '../sounds.js';
import { shortTime, t } from '../words.js';
import { Actions } from './actions.js';
import { Ears } from './ears.js';
import { keyboard } from './keys.js';
import { Notices } from './notices.js';
import { pair } from './pairing.js';
import { Slots } from './slots.js';
import { name } from './ticket.js';
import { tickets } from './tickets.js';
import { AllDay, Recent } from './views.js';
import { Wall } from './wall.js';

const ROLES = ['KITCHEN', 'EXPO', 'MANAGER', 'OWNER'];
const STATION = 'comanda.kitchen.station';
// Two taps of an excited finger are one, in ms.
const DOUBLE_TAP = 300;
// A bump can be taken back by one tap for so long, in ms; later it is in the recall list.
const UNDO_FOR = 5_000;

const $ = (selector) => document.querySelector(selector);

class Kitchen {
  view = 'tickets';
  #slots = new Slots(UNDO_FOR);
  #tapped = new Map();
  #drawn = false;

  constructor(comanda) {
    this.comanda = comanda;
    this.actions = new Actions(comanda);
    this.notices = new Notices($('#undo'), $('#news'));
    const on = {
      bump: (ticket) => this.#once(ticket.order.id, () => this.bump(ticket)),
      tap: (order, item) => this.#once(item.id, () => this.actions.tap(order, item)),
      resized: () => this.later(),
    };
    const wall = el('div', { class: 'wall' });
    const more = el('button', { class: 'button big further', hidden: true });
    const body = el('div', { class: 'scroll' });
    this.views = {
      tickets: { root: [wall, more], view: new Wall(wall, $('#measure'), more, on) },
      allday: { root: [body], view: new AllDay(body) },
      recent: { root: [body], view: new Recent(body, (done) => this.recall(done)) },
    };
    this.ears = new Ears(comanda);
  }

  get station() {
    const chosen = this.comanda.session.device?.station ?? localStorage.getItem(STATION);
    return this.comanda.board.stations.some((one) => one.name === chosen) ? chosen : null;
  }

  set station(name) {
    localStorage.setItem(STATION, name);
    this.#slots.forget();
    this.later();
  }

  now() {
    return this.comanda.stream.clock.now();
  }

  start() {
    const { comanda } = this;
    const later = () => this.later();
    for (const event of ['change', 'outbox', 'link']) comanda.addEventListener(event, later);
    comanda.addEventListener('caughtup', ({ detail }) => this.notices.missed(detail.events));
    comanda.addEventListener('refused', ({ detail }) => this.refused(detail));
    // The page's fonts may come after its first tickets.
    document.fonts?.ready.then(() => {
      this.views.tickets.view.forget();
      this.later();
    });
    setInterval(() => this.second(), 1000);
    this.show('tickets');
    comanda.start();
  }

  show(view) {
    this.view = view;
    $('#main').replaceChildren(...this.views[view].root);
    for (const button of document.querySelectorAll('[data-view]')) {
      set(button, { 'aria-pressed': String(button.dataset.view === view) });
    }
    this.later();
  }

  // At most one drawing a frame, however many events come.
  later() {
    if (this.#drawn) return;
    this.#drawn = true;
    requestAnimationFrame(() => {
      this.#drawn = false;
      this.draw();
    });
  }

  draw() {
    const { board, outbox } = this.comanda;
    const { station } = this;
    const now = this.now();
    stations(board.stations, station, this.comanda.session.device);
    const { waiting } = outbox;
    const orders = waiting.length ? new Map([...board.orders].map(([id, order]) => [id, overlaid(order, waiting)])) : board.orders;
    const shown = { ...board, orders };
    const list = this.#tickets(shown, station, now);
    setText($('[data-view=tickets]'), t('kitchen.tickets', { n: list.filter(({ gone }) => !gone).length }));
    const left = this.views[this.view].view.draw(this.view === 'tickets' ? list : shown, now, station);
    this.ears.listen(list);
    // What is out of sight yet is drawn in the frames that follow.
    if (left === true) this.later();
  }

  #tickets(board, station, now) {
    return this.#slots.keep(tickets(board, { station, now }), performance.now()).map((ticket, at) => {
      const { order, lines, look, level, gone } = ticket;
      const waiter = board.staff.get(order.createdBy);
      const marked = lines.some(({ unsent }) => unsent);
      const signature = [look, level, gone, at < 9 ? at : '', waiter, marked].join();
      return { ...ticket, index: at + 1, waiter, marked, signature };
    });
  }

  async bump(ticket) {
    const { stations } = this.comanda.board;
    const station = stations.find(({ name: one }) => one === this.station);
    const entry = await this.actions.bump(ticket, station?.id);
    if (entry) {
      const answered = this.answer(entry);
      this.notices.undo(name(ticket.order), UNDO_FOR, () => this.actions.takeBack(entry, answered, ticket.order));
    }
  }

  // What the server will answer to an entry.
  answer(entry) {
    const { outbox } = this.comanda;
    return new Promise((resolve) => {
      const done = ({ detail }) => {
        if (detail.entry.id !== entry.id) return;
        outbox.removeEventListener('done', done);
        resolve(detail.answers[0]);
      };
      outbox.addEventListener('done', done);
    });
  }

  // From the recall list: a bump as a whole, or a line that was made ready by itself.
  recall({ order, lines, batchId }) {
    if (batchId) return this.actions.undo({ order, batchId });
    return lines.forEach((item) => this.actions.tap(order, item));
  }

  refused({ entry, error }) {
    this.notices.problem(t('kitchen.refused', { what: entry.label, why: error.message }));
    this.comanda.outbox.dismiss(entry.id);
  }

  second() {
    const now = this.now();
    setText($('#clock'), shortTime(now));
    this.comanda.board.sweep(now);
    this.views.tickets.view.tick(now);
    // Ages change without an event.
    this.later();
    sound();
  }

  // For keys and bump bars.
  choose(n) {
    this.views.tickets.view.choose(n);
  }

  #once(key, act) {
    const now = performance.now();
    if (now - (this.#tapped.get(key) ?? -Infinity) < DOUBLE_TAP) return;
    this.#tapped.set(key, now);
    act();
    unlock().then(sound);
  }
}

let listed = '';
function stations(list, chosen, device) {
  const names = list.map(({ name: one }) => one).join('\n');
  const select = $('#station');
  if (names !== listed) {
    listed = names;
    const option = (value, text) => el('option', { value }, text);
    select.replaceChildren(option('', t('kitchen.all')), ...list.map(({ name: one }) => option(one, one)));
  }
  select.value = chosen ?? '';
  select.disabled = Boolean(device?.station);
}

function sound() {
  const state = muted() ? 'soundOff' : 'sound';
  const words = muted() ? 'kitchen.soundOff' : blocked() ? 'kitchen.soundBlocked' : 'kitchen.soundOn';
  const button = $('#sound');
  if (button.dataset.state === words) return;
  set(button, { 'data-state': words });
  button.replaceChildren(icon(state), el('span', {}, t(words)));
}

async function main() {
  dress();
  const device = new Session({ url: location.origin, name: 'device' });
  const user = new Session({ url: location.origin });
  const mayCook = user.signedIn && ROLES.includes(user.user.role);
  if (!device.signedIn && !mayCook) await pair(device, $('#main'), goToLogin);
  const session = device.signedIn ? 'device' : 'user';
  const comanda = await begin({ name: `kitchen.${session}`, roles: ROLES, session, linkBarIn: $('#link') });
  if (!comanda) return;
  const kitchen = new Kitchen(comanda);
  $('.bar').append(mainMenu(comanda));
  $('.bar').hidden = false;
  for (const button of document.querySelectorAll('[data-view]')) button.onclick = () => kitchen.show(button.dataset.view);
  setText($('[data-view=allday]'), t('kitchen.allday'));
  setText($('[data-view=recent]'), t('kitchen.recent'));
  $('#station').onchange = (event) => {
    kitchen.station = event.target.value;
  };
  $('#sound').onclick = () => {
    if (blocked()) unlock().then(() => play('new')).then(sound);
    else setMuted(!muted());
    sound();
  };
  sound();
  keyboard(kitchen);
  stayAwake();
  kitchen.start();
}

main();
