// Everything by keyboard or bump bar: 1–9 choose a ticket, Enter bumps it, R recall, A all-day, T tickets, U undo, arrows scroll.

import { set } from '../dom.js';

export function keyboard(kitchen) {
  let chosen = null;

  const choose = (n) => {
    chosen = kitchen.nth(n)?.order.id ?? null;
    for (const ticket of document.querySelectorAll('.ticket[data-order]')) {
      set(ticket, { 'data-chosen': ticket.dataset.order === chosen });
    }
    const first = document.querySelector('.ticket[data-chosen] .head');
    first?.focus();
    first?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };

  const scroll = (way) => {
    const root = document.querySelector('#main > *');
    root.scrollBy({ left: way * root.clientWidth * 0.8, top: way * root.clientHeight * 0.8 });
  };

  const keys = {
    r: () => kitchen.show('recent'),
    a: () => kitchen.show('allday'),
    t: () => kitchen.show('tickets'),
    u: () => kitchen.notices.takeBack(),
    ArrowRight: () => scroll(1),
    ArrowLeft: () => scroll(-1),
    PageDown: () => scroll(1),
    PageUp: () => scroll(-1),
  };

  addEventListener('keydown', (event) => {
    const typing = event.target.matches?.('input, textarea, select');
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (/^[1-9]$/.test(key) && kitchen.view === 'tickets') choose(Number(key));
    else if (keys[key]) keys[key]();
    else return;
    event.preventDefault();
  });
}
