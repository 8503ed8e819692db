// What a station's display shows of a board. Pure: values in, values out, the server's clock as an argument.
//
// A ticket is an order with the lines that this station makes. It is there as long as the station has something to do or to
// see: a line not READY yet, or one that changed or was voided and nobody said it was seen.

const OPEN = new Set(['PENDING', 'IN_PROGRESS']);
const WAITING = new Set(['PENDING', 'IN_PROGRESS', 'HELD']);
const MADE = new Set(['READY', 'SERVED']);
// Undo is for 15 min, and so is the list of what was done.
export const RECENT = 15 * 60_000;

// Which station makes a line: the one it names, else the default one.
export function stationOf(item, stations) {
  const named = stations.find(({ name }) => name === item.station);
  return named ?? stations.find(({ isDefault }) => isDefault) ?? null;
}

// Whether a display of `station` (a name, or null for all) shows this line.
function isHere(item, station, stations) {
  return station === null || (stationOf(item, stations)?.name ?? station) === station;
}

// When the oldest line that is still to be made could be begun, in ms.
function since(lines, order) {
  const open = lines.filter(({ status }) => OPEN.has(status)).map(({ sentAt }) => Date.parse(sentAt ?? order.confirmedAt));
  return open.length ? Math.min(...open) : Date.parse(order.confirmedAt);
}

// The tickets of `station`, most urgent first, then oldest first. A ticket:
// `{order, lines, elsewhere: [{station, left}], since, level: 'fresh'|'warn'|'late', unseen, look}`; `look` differs when
// something else is to be drawn.
export function tickets(board, { station, now }) {
  const { stations } = board;
  const limits = stations.find(({ name }) => name === station) ?? stations.find(({ isDefault }) => isDefault);
  const shown = [];
  for (const order of board.orders.values()) {
    const ticket = ticketOf(order, station, stations);
    if (!ticket) continue;
    const seconds = (now - ticket.since) / 1000;
    const level = seconds >= (limits?.lateAfterS ?? 480) ? 'late' : seconds >= (limits?.warnAfterS ?? 300) ? 'warn' : 'fresh';
    shown.push({ ...ticket, level });
  }
  return shown.sort(urgent);
}

// Most urgent first, then oldest first.
export function urgent(a, b) {
  return b.order.priority - a.order.priority || a.order.number - b.order.number;
}

// An order that changes is another object: what was made of it serves until then.
const made = new WeakMap();

function ticketOf(order, station, stations) {
  const before = made.get(order);
  if (before?.station === station && before.stations === stations) return before.ticket;
  const ticket = toDo(order, station, stations);
  made.set(order, { station, stations, ticket });
  return ticket;
}

// Null where there is nothing to do nor to see.
function toDo(order, station, stations) {
  const lines = order.items.filter((item) => isHere(item, station, stations));
  if (order.status === 'CLOSED' || (!lines.some(({ status }) => WAITING.has(status)) && !lines.some(isVoidToSee))) return null;
  const unseen = lines.filter(({ attention }) => attention).length;
  const others = elsewhere(order, station, stations);
  const states = lines.map((item) => `${item.id}${item.version}${item.status}${item.attention}${item.unsent ?? ''}`);
  const look = [order.version, states, others.map((one) => Object.values(one))].join();
  return { order, lines, elsewhere: others, since: since(lines, order), unseen, look };
}

function isVoidToSee({ attention }) {
  return attention === 'VOIDED';
}

// What the other stations still have of this order.
function elsewhere(order, station, stations) {
  if (station === null) return [];
  const left = new Map();
  for (const item of order.items) {
    const other = stationOf(item, stations)?.name;
    if (other && other !== station && WAITING.has(item.status)) left.set(other, (left.get(other) ?? 0) + item.qty);
  }
  return [...left].map(([name, count]) => ({ station: name, left: count }));
}

// How much of each dish is to be made in all, most first; with notes apart, because they are cooked apart.
export function allDay(board, { station }) {
  const counts = new Map();
  for (const order of board.orders.values()) {
    for (const item of order.items) {
      if (!OPEN.has(item.status) || !isHere(item, station, board.stations)) continue;
      const key = JSON.stringify([item.name, item.notes]);
      const count = counts.get(key) ?? { name: item.name, notes: item.notes, qty: 0, started: 0 };
      count.qty += item.qty;
      if (item.status === 'IN_PROGRESS') count.started += item.qty;
      counts.set(key, count);
    }
  }
  return [...counts.values()].sort((a, b) => b.qty - a.qty || a.name.localeCompare(b.name));
}

// What this station made lately, last first: `{order, lines, batchId, at}`, a bump each.
export function recent(board, { station, now }) {
  const done = new Map();
  for (const order of board.orders.values()) {
    for (const item of order.items) {
      if (!MADE.has(item.status) || !item.readyAt || !isHere(item, station, board.stations)) continue;
      const at = Date.parse(item.readyAt);
      if (now - at > RECENT) continue;
      const key = `${order.id} ${item.batchId ?? item.id}`;
      const entry = done.get(key) ?? { key, order, lines: [], batchId: item.batchId, at };
      entry.lines.push(item);
      entry.at = Math.max(entry.at, at);
      done.set(key, entry);
    }
  }
  return [...done.values()].sort((a, b) => b.at - a.at);
}

// What one tap on a line asks for: its next state here, or to say that it was seen.
export function nextState(item) {
  if (item.attention === 'VOIDED') return 'SEEN';
  return { PENDING: 'IN_PROGRESS', IN_PROGRESS: 'READY', READY: 'IN_PROGRESS' }[item.status] ?? null;
}

// What was missed while the link was down: `{news, changes, voids}`, counted in orders, lines and lines.
export function missed(events) {
  const count = { news: 0, changes: 0, voids: 0 };
  for (const { event, data } of events) {
    if (event === 'order.new') count.news += 1;
    else if (event === 'order.items.added') count.changes += data.items.length;
    else if (event === 'order.item.updated') count.changes += 1;
    else if (event === 'order.item.status.changed' && /VOIDED|CANCELLED/.test(data.newStatus)) count.voids += 1;
  }
  return count;
}
