// What a waiter sees of a board: the tables, what is ready to be carried, and what a table has ordered. Pure.

const DONE = new Set(['SERVED', 'CANCELLED', 'VOIDED']);
const OVER = new Set(['CLOSED', 'CANCELLED']);
const by = new Intl.Collator(undefined, { numeric: true });

// The open session at a table, or null.
export function sessionAt(board, tableId) {
  for (const session of board.sessions.values()) if (session.tableId === tableId) return session;
  return null;
}

// The orders of a session, first first.
export function ordersOf(board, session) {
  if (!session) return [];
  return [...board.orders.values()].filter((order) => order.tableSessionId === session.id).sort((a, b) => a.number - b.number);
}

// A tile a table, by name: `{table, session, state, ready, since}`; `since` is when something happened there last, in ms.
// state: 'free', 'seated' (nobody ordered yet), 'ordered', 'ready' (something is to be carried), 'served' (only the bill is left).
// `drafts`: how many lines are not sent, by table id.
export function tiles(board, { drafts }) {
  return [...board.tables.values()]
    .map((table) => {
      const session = sessionAt(board, table.id);
      const orders = ordersOf(board, session).filter(({ status }) => !OVER.has(status));
      const lines = orders.flatMap(({ items }) => items);
      const ready = lines.filter(({ status }) => status === 'READY').reduce((sum, { qty }) => sum + qty, 0);
      const open = lines.some(({ status }) => !DONE.has(status));
      const state = !session ? 'free' : ready ? 'ready' : open ? 'ordered' : orders.length ? 'served' : 'seated';
      const times = [session?.openedAt, ...orders.map(({ updatedAt }) => updatedAt)].filter(Boolean).map(Date.parse);
      return { table, session, state, ready, since: times.length ? Math.max(...times) : null, drafts: drafts.get(table.id) ?? 0 };
    })
    .sort((a, b) => by.compare(a.table.name, b.table.name));
}

// What is ready, longest waiting first, an order each: `{order, lines, since}`.
export function readyQueue(board) {
  const queue = [];
  for (const order of board.orders.values()) {
    if (OVER.has(order.status)) continue;
    const lines = order.items.filter(({ status }) => status === 'READY');
    if (lines.length) queue.push({ order, lines, since: Math.min(...lines.map((item) => Date.parse(item.readyAt ?? item.updatedAt))) });
  }
  return queue.sort((a, b) => a.since - b.since);
}

// The sum of texts like "15.50", in their scale.
export function sum(amounts) {
  const digits = Math.max(0, ...amounts.map((text) => (text.includes('.') ? text.length - text.indexOf('.') - 1 : 0)));
  const minor = amounts.reduce((all, text) => all + BigInt(Math.round(Number(text) * 10 ** digits)), 0n);
  const text = String(minor).padStart(digits + 1, '0');
  return digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text;
}

// "15.50" times a quantity.
export const times = (price, qty) => sum(Array.from({ length: qty }, () => price));
