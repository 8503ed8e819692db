// What is connected and what happens now: figures, charts of the last minutes, sockets with their lag, the newest events.

import { el, reconcile, set, setText } from '../dom.js';
import { icon } from '../icons.js';
import { age, t, time } from '../words.js';
import { Chart } from './chart.js';
import { sentence } from './happenings.js';
import { LunchSwitch } from './lunch.js';
import { Growth, Meter, SLOT } from './meters.js';

// In ms.
const ASK_EVERY = 2_000;
const NEWEST = 30;
// Events that are asked for, to begin with.
const BEFORE = 100;
const BEHIND = 20;
const MINUTE = 60_000;

const decimal = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)).replace(/\.?0+$/, '');
const perSecond = (value) => t('admin.perSecond', { n: decimal(value) });
const milliseconds = (value) => t('admin.ms', { n: decimal(value) });

export class Live {
  #timer = null;
  #asking = false;
  #events = [];
  #grown = { deliveries: new Growth(), handed: new Growth(), seconds: new Growth() };
  #figures = ['sockets', 'displays', 'open', 'position'].map((name) => ({ name, value: el('strong'), fine: el('span', { class: 'fine' }) }));
  #sockets = el('tbody');
  #newest = el('ol', { class: 'newest' });
  #away = el('p', { class: 'problem', role: 'alert', hidden: true });

  constructor({ comanda, api, say }) {
    Object.assign(this, { comanda, api });
    const now = this.now();
    this.meters = { orders: new Meter(now), events: new Meter(now), deliveries: new Meter(now), latency: new Meter(now), answer: new Meter(now) };
    this.charts = {
      orders: new Chart(t('admin.orders'), (value) => t('admin.perMinute', { n: decimal(value) })),
      events: new Chart(t('admin.events'), perSecond),
      deliveries: new Chart(t('admin.deliveries'), perSecond),
      latency: new Chart(t('admin.latency'), milliseconds),
      answer: new Chart(t('admin.answer'), milliseconds),
    };
    this.lunch = new LunchSwitch({ api, say });
    this.root = this.#build();
    comanda.addEventListener('event', ({ detail }) => this.#happened(detail, this.now()));
    comanda.addEventListener('change', ({ detail }) => detail.whole && this.#begin());
    document.addEventListener('visibilitychange', () => this.#timer && this.#ask());
  }

  now() {
    return this.comanda.stream.clock.now();
  }

  #build() {
    const figures = this.#figures.map(({ name, value, fine }) =>
      el('div', { class: 'figure', 'data-figure': name }, el('span', {}, t(`admin.figure.${name}`)), value, fine));
    const heads = ['who', 'role', 'by', 'words', 'for', 'lag'].map((name) => el('th', { scope: 'col', class: name === 'lag' && 'number' }, t(`admin.socket.${name}`)));
    return el('div', { class: 'live-view' },
      this.#away,
      this.lunch.root,
      el('section', { class: 'figures', 'aria-label': t('admin.figures') }, figures),
      el('section', { class: 'charts', 'aria-label': t('admin.charts') }, Object.values(this.charts).map(({ root }) => root)),
      el('section', { class: 'register', 'aria-label': t('admin.sockets') },
        el('header', {}, el('h2', {}, t('admin.sockets'))),
        el('div', { class: 'table' }, el('table', { class: 'sockets' }, el('thead', {}, el('tr', {}, heads)), this.#sockets))),
      el('section', { class: 'register', 'aria-label': t('admin.newest') }, el('header', {}, el('h2', {}, t('admin.newest'))), this.#newest));
  }

  show() {
    this.#draw();
    this.#timer ??= setInterval(() => this.#ask(), ASK_EVERY);
    this.#ask();
  }

  hide() {
    clearInterval(this.#timer);
    this.#timer = null;
  }

  // What was before the board that just came.
  async #begin() {
    const { position } = this.comanda.board;
    try {
      const { events } = await this.api.get(`/api/v1/events?after=${Math.max(0, position.seq - BEFORE)}&limit=${BEFORE}`);
      const known = new Set(this.#events.map(({ data }) => data.seq));
      const missed = events.filter(({ seq }) => !known.has(seq));
      if (missed.length) {
        const since = missed[0].seq === 1 ? 0 : Date.parse(missed[0].at);
        for (const meter of [this.meters.orders, this.meters.events]) meter.known = Math.min(meter.known, since);
      }
      for (const { event, data, at } of missed) this.#happened({ event, data }, Date.parse(at));
    } catch (error) {
      // The log may begin later than that: then the list does as well.
      if (error.status !== 410 && !error.again) throw error;
    }
  }

  #happened({ event, data }, at) {
    this.meters.events.add(at);
    if (event === 'order.new') this.meters.orders.add(at);
    this.#events.push({ event, data, at, text: sentence({ event, data }, this.comanda.board) });
    this.#events.sort((a, b) => b.data.seq - a.data.seq);
    this.#events.length = Math.min(this.#events.length, NEWEST);
    if (this.#timer) this.#drawEvents();
  }

  async #ask() {
    if (this.#asking || document.hidden) return;
    this.#asking = true;
    const begun = performance.now();
    try {
      const live = await this.api.get('/api/v1/live');
      const now = this.now();
      this.meters.answer.add(now, performance.now() - begun);
      const [deliveries, handed, seconds] = Object.entries(this.#grown).map(([name, growth]) => growth.since(live.room[name]));
      this.meters.deliveries.add(now, deliveries);
      if (handed) this.meters.latency.add(now, seconds * 1000, handed);
      this.#away.hidden = true;
      this.#drawSockets(live, now);
      this.#draw();
      await this.lunch.look(live.demo);
    } catch (error) {
      setText(this.#away, t('admin.notLoaded', { why: error.message }));
      this.#away.hidden = false;
    } finally {
      this.#asking = false;
    }
  }

  #draw() {
    const now = this.now();
    const { orders, events, deliveries, latency, answer } = this.meters;
    this.charts.orders.draw(orders.rates(now, MINUTE, MINUTE / SLOT));
    this.charts.events.draw(events.rates(now, 1_000));
    this.charts.deliveries.draw(deliveries.rates(now, 1_000));
    this.charts.latency.draw(latency.means(now));
    this.charts.answer.draw(answer.means(now));
    this.#drawEvents();
  }

  #drawSockets({ sockets, room }, now) {
    const displays = sockets.filter(({ device }) => device);
    const lag = Math.max(0, ...sockets.map((one) => one.lag ?? 0));
    const open = [...this.comanda.board.orders.values()].filter(({ status }) => ['CONFIRMED', 'IN_PROGRESS', 'READY'].includes(status));
    const ready = open.filter(({ status }) => status === 'READY').length;
    this.#figure('sockets', sockets.length, t('admin.furthest', { n: lag }));
    this.#figure('displays', displays.length, t('admin.people', { n: sockets.length - displays.length }));
    this.#figure('open', open.length, t('waiter.readyCount', { n: ready }));
    this.#figure('position', room.seq ?? '–', t('admin.handed', { n: room.deliveries }));
    reconcile(this.#sockets, sockets, ({ id, transport }) => `${id} ${transport}`, (socket) => this.#socket(socket), (row, socket) => {
      setText(row.children[4], t('admin.since', { time: time(Date.parse(socket.since)), age: age(now - Date.parse(socket.since)) }));
      this.#lag(row.children[5].firstChild, socket.lag);
    });
  }

  #figure(wanted, value, fine) {
    const figure = this.#figures.find(({ name }) => name === wanted);
    setText(figure.value, value);
    setText(figure.fine, fine);
  }

  #socket({ name, userId, role, device, transport, vocabulary }) {
    const called = name ?? t(userId ? 'admin.elsewhere' : 'admin.guest');
    return el('tr', {},
      el('th', { scope: 'row' }, icon(device ? 'kitchen' : 'person'), ' ', called),
      el('td', {}, t(`role.${role}`)),
      el('td', {}, t(`transport.${transport}`)),
      el('td', {}, t(`vocabulary.${vocabulary}`)),
      el('td', {}),
      el('td', { class: 'number' }, el('span', { class: 'chip' })));
  }

  // In a word as well as by colour.
  #lag(chip, lag) {
    const mood = lag === null ? null : lag === 0 ? 'good' : lag > BEHIND ? 'bad' : 'warn';
    set(chip, { 'data-mood': mood });
    setText(chip, lag === null ? t('admin.untold') : lag ? t('admin.behind', { n: lag }) : t('admin.upToDate'));
  }

  #drawEvents() {
    reconcile(this.#newest, this.#events, ({ data }) => data.seq, ({ data, at, text }) =>
      el('li', {}, el('time', {}, time(at)), el('span', { class: 'seq' }, `#${data.seq}`), el('span', {}, text)));
  }
}
