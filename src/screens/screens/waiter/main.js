// `/waiter`: the floor, a table's order, what is ready.

import { courses } from '../courses.js';
import { set, setText } from '../dom.js';
import { newsBar } from '../news.js';
import { overlaid } from '../overlay.js';
import { begin, mainMenu, stayAwake } from '../shell.js';
import { play, unlock } from '../sounds.js';
import { t, time } from '../words.js';
import { Actions } from './actions.js';
import { choose, write } from './dialogs.js';
import { Drafts } from './drafts.js';
import { ordersOf, readyQueue, sessionAt, tiles } from './floor.js';
import { Menu } from './menu.js';
import { TableView } from './table.js';
import { Floor, Ready } from './views.js';

const ROLES = ['WAITER', 'CASHIER', 'EXPO', 'MANAGER', 'OWNER'];
const MAY_VOID = new Set(['MANAGER', 'OWNER']);
const STARTED = new Set(['IN_PROGRESS', 'READY', 'SERVED']);
// In ms.
const NEWS_FOR = 8_000;

const $ = (selector) => document.querySelector(selector);

class Waiter {
  #drawn = false;
  #ready = null;
  #table = null;

  constructor(comanda) {
    this.comanda = comanda;
    this.say = newsBar($('#news'), NEWS_FOR);
    this.actions = new Actions(comanda);
    this.drafts = new Drafts(comanda.storage, comanda.session.restaurant);
    this.menu = new Menu(comanda);
    const serve = (order, lines) => this.actions.serve(order, lines);
    this.floor = new Floor((id) => this.open(id));
    this.ready = new Ready({ open: (id) => this.open(id), serve });
    this.view = this.floor;
    this.tableView = new TableView({
      serve,
      back: () => this.show(this.floor),
      add: (dish) => this.drafts.add(this.#table, dish),
      change: (key, change) => this.drafts.change(this.#table, key, change),
      note: (line) => this.note(line),
      course: (line) => this.course(line),
      send: () => this.send(),
      line: (order, item) => this.line(order, item),
      transfer: () => this.transfer(),
      close: () => this.actions.close(this.session, this.orders),
    });
  }

  async start() {
    const { comanda } = this;
    await this.drafts.open();
    await this.menu.open();
    const later = () => this.later();
    for (const event of ['change', 'outbox', 'link']) comanda.addEventListener(event, later);
    this.drafts.addEventListener('change', later);
    this.menu.addEventListener('change', later);
    comanda.addEventListener('refused', ({ detail }) => this.refused(detail));
    comanda.outbox.addEventListener('done', ({ detail }) => this.done(detail));
    setInterval(() => {
      comanda.board.sweep(comanda.stream.clock.now());
      this.later();
    }, 1000);
    addEventListener('popstate', () => this.#go(location.hash.slice(1)));
    this.#go(location.hash.slice(1));
    comanda.start();
  }

  get board() {
    const { board, outbox } = this.comanda;
    const waiting = outbox.waiting;
    const orders = new Map([...board.orders].map(([id, order]) => [id, overlaid(order, waiting)]));
    return { ...board, orders };
  }

  get session() {
    return sessionAt(this.comanda.board, this.#table);
  }

  get orders() {
    return ordersOf(this.board, this.session);
  }

  // The way back is the browser's, too.
  show(view) {
    const where = view === this.floor ? '' : 'ready';
    history.pushState(null, '', `#${where}`);
    this.#go(where);
  }

  open(table) {
    history.pushState(null, '', `#${table}`);
    this.#go(table);
  }

  #go(where) {
    const table = this.comanda.board.tables.get(where);
    this.#table = table?.id ?? null;
    this.view = table ? this.tableView : where === 'ready' ? this.ready : this.floor;
    $('#main').replaceChildren(this.view.root);
    $('#main').focus();
    if (table) this.comanda.fetchOrders(`table=${table.id}`);
    this.later();
  }

  later() {
    if (this.#drawn) return;
    this.#drawn = true;
    requestAnimationFrame(() => {
      this.#drawn = false;
      this.draw();
    });
  }

  draw() {
    const { board } = this;
    const now = this.comanda.stream.clock.now();
    const counts = this.drafts.counts();
    if (this.view === this.floor) this.floor.draw(board, now, counts);
    else if (this.view === this.ready) this.ready.draw(board, now);
    else this.#drawTable(board);
    const busy = tiles(board, { drafts: counts }).filter(({ state }) => state !== 'free').length;
    const ready = readyQueue(board);
    setText($('[data-view=floor]'), t('waiter.floorCount', { n: busy }));
    setText($('[data-view=ready]'), t('waiter.readyQueue', { n: ready.length }));
    set($('[data-view=floor]'), { 'aria-pressed': String(this.view === this.floor) });
    set($('[data-view=ready]'), { 'aria-pressed': String(this.view === this.ready), 'data-some': ready.length > 0 });
    this.#listen(ready);
  }

  #drawTable(board) {
    const table = board.tables.get(this.#table);
    const { session } = this;
    const waiting = this.comanda.outbox.waiting.filter(({ meta }) => meta?.kind === 'send' && meta.table === this.#table);
    const { currency } = board;
    const lines = this.drafts.lines(this.#table);
    this.tableView.draw({ table, session, orders: ordersOf(board, session), lines, waiting, menu: this.menu, currency });
  }

  // What became ready since the last look is heard.
  #listen(queue) {
    const now = new Set(queue.flatMap(({ lines }) => lines.map(({ id }) => id)));
    if (this.#ready && [...now].some((id) => !this.#ready.has(id))) play('ready');
    this.#ready = now;
  }

  async note(line) {
    const quick = t('waiter.quickNotes').split('|');
    const said = await write(line.name, { value: line.notes, quick, optional: true, label: t('dialog.keep') });
    if (said !== null) await this.drafts.change(this.#table, line.key, { notes: said });
  }

  async course(line) {
    const course = await choose(line.name, courses(line.course).map(([value, label]) => ({ value, label })));
    if (course) await this.drafts.change(this.#table, line.key, { course });
  }

  async send() {
    unlock();
    const table = this.comanda.board.tables.get(this.#table);
    const lines = this.drafts.lines(table.id);
    if (!lines.length) return;
    // Kept in the outbox before it leaves the draft: in between a reload may send a line twice in the waiter's eyes, but
    // cannot lose it.
    await this.actions.sendDraft(table, this.session, lines);
    await this.drafts.put(table.id, []);
  }

  async line(order, item) {
    const role = this.comanda.session.user.role;
    const started = STARTED.has(item.status);
    const choices = [
      item.status === 'READY' && { value: 'SERVED', label: t('waiter.serve'), kind: 'primary' },
      item.status === 'SERVED' && { value: 'READY', label: t('waiter.unserve') },
      item.status === 'PENDING' && { value: 'HELD', label: t('waiter.hold') },
      item.status === 'HELD' && { value: 'PENDING', label: t('waiter.fire'), kind: 'primary' },
      !started && { value: 'CANCELLED', label: t('waiter.cancelLine'), kind: 'danger' },
      started && MAY_VOID.has(role) && { value: 'VOIDED', label: t('waiter.void'), kind: 'danger' },
    ].filter(Boolean);
    const title = `${item.qty} × ${item.name} · ${t(`item.${item.status}`)}`;
    const to = await choose(choices.length ? title : `${title}. ${t('waiter.askManager')}`, choices);
    if (!to) return;
    const quick = t('waiter.quickReasons').split('|');
    const reason = to === 'VOIDED' ? await write(t('waiter.why'), { quick, label: t('waiter.void') }) : undefined;
    if (reason !== null) await this.actions.move(order, item, to, reason);
  }

  async transfer() {
    const { board } = this.comanda;
    const { session } = this;
    const others = tiles(board, { drafts: new Map() }).filter(({ table }) => table.id !== this.#table);
    const label = ({ table, session: seated }) => (seated ? t('waiter.join', { name: table.name }) : t('kitchen.table', { name: table.name }));
    const at = await choose(t('waiter.transfer'), others.map((tile, index) => ({ value: index, label: label(tile) })));
    if (at === null) return;
    await this.actions.transfer(session, others[at].table, others[at].session);
    this.open(others[at].table.id);
  }

  done({ entry, answers }) {
    const order = entry.meta?.kind === 'send' && answers.at(-1);
    if (order) this.say('info', t('waiter.kitchenHasIt', { number: order.number, time: time(Date.parse(order.confirmedAt)) }));
  }

  async refused({ entry, error }) {
    const { meta } = entry;
    await this.comanda.outbox.dismiss(entry.id);
    if (meta?.kind !== 'send') return this.say('problem', `${entry.label}: ${error.message}`);
    const table = this.comanda.board.tables.get(meta.table);
    // A colleague opened the table meanwhile: the order is theirs as well as ours.
    if (error.code === 'TABLE_OCCUPIED') {
      await this.comanda.stream.reload();
      const session = sessionAt(this.comanda.board, meta.table);
      if (session) return this.actions.sendDraft(table, session, meta.lines);
    }
    this.actions.abandon(entry);
    await this.drafts.put(meta.table, [...meta.lines, ...this.drafts.lines(meta.table)]);
    return this.say('problem', t('waiter.notTaken', { table: entry.label, why: error.message }));
  }
}

async function main() {
  const comanda = await begin({ name: 'waiter', roles: ROLES, linkBarIn: $('#link') });
  if (!comanda) return;
  const waiter = new Waiter(comanda);
  $('.bar').append(mainMenu(comanda));
  $('[data-view=floor]').onclick = () => waiter.show(waiter.floor);
  $('[data-view=ready]').onclick = () => waiter.show(waiter.ready);
  stayAwake();
  await waiter.start();
}

main();
