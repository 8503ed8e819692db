// Everything by keyboard or bump bar: 1–9 choose a ticket, Enter bumps it, R recall, A all-day, T tickets, U undo, arrows scroll.

export function keyboard(kitchen) {
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
    if (/^[1-9]$/.test(key) && kitchen.view === 'tickets') kitchen.choose(Number(key));
    else if (keys[key]) keys[key]();
    else return;
    event.preventDefault();
  });
}
