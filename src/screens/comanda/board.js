// The board: what GET /api/v1/board answers, and what the events after it make of it. The same events make the same board
// as the server's own fold, whatever the order of reads: what is at or before the position changes nothing.

const ENDED = new Set(['CANCELLED', 'VOIDED']);
// What was served or cancelled leaves after so many ms, as on the server's board.
const LATELY = 15 * 60_000;
const TIMES = ['sentAt', 'startedAt', 'readyAt', 'servedAt'];

export class Board {
  // `{epoch, seq}` of the last event in it, or null before anything was loaded.
  position = null;
  orders = new Map();
  sessions = new Map();
  tables = new Map();
  stations = [];
  // Names of those who work here, by user id.
  staff = new Map();
  // ISO 4217, e.g. 'EUR'.
  currency = null;

  // The answer of GET /api/v1/board.
  load({ epoch, seq, orders, sessions, tables, stations, staff = [], currency = null }) {
    this.position = { epoch, seq };
    this.orders = byId(orders);
    this.sessions = byId(sessions);
    this.tables = byId(tables);
    this.stations = stations;
    this.staff = new Map(staff.map(({ id, name }) => [id, name]));
    this.currency = currency;
  }

  // What restore() takes: plain values, for keeping.
  snapshot() {
    const list = (map) => [...map.values()];
    return {
      ...this.position,
      orders: list(this.orders),
      sessions: list(this.sessions),
      tables: list(this.tables),
      stations: this.stations,
      staff: [...this.staff].map(([id, name]) => ({ id, name })),
      currency: this.currency,
    };
  }

  restore(snapshot) {
    this.load(snapshot);
  }

  // Takes one event of the stream in: `{event, data}`.
  apply({ event, data }) {
    const { position } = this;
    if (!position || data.seq <= position.seq) return;
    this.position = { ...position, seq: data.seq };
    FOLDS[event]?.(this, data);
  }

  // Orders that were read by themselves, as older ones of a table; what is known already and newer stays.
  merge(orders) {
    for (const order of orders) {
      // A draft is on no board.
      if (order.status === 'DRAFT' || order.number === null) continue;
      const known = this.orders.get(order.id);
      if (!known || known.version < order.version) this.orders.set(order.id, order);
    }
  }

  // Drops what has been over for a while. `now`: the server's clock, in ms.
  sweep(now) {
    for (const order of this.orders.values()) {
      const over = order.status === 'SERVED' || order.status === 'CANCELLED' || order.status === 'CLOSED';
      // What was eaten at a table is of interest until its guests go.
      const seated = order.status !== 'CANCELLED' && this.sessions.has(order.tableSessionId);
      if (over && !seated && now - Date.parse(order.updatedAt) > LATELY) this.orders.delete(order.id);
    }
  }

  order(data, change) {
    const order = this.orders.get(data.orderId);
    if (!order) return;
    const next = { ...order, updatedAt: data.updatedAt, version: data.orderVersion, ...change(order) };
    next.total = total(next.items, order.total);
    this.orders.set(order.id, next);
  }
}

// What is told to displays and changes nothing on the board: what a list of its own shows.
export const NOT_ON_THE_BOARD = [
  'menu.item.availability.changed', 'orderCreated', 'orderUpdated', 'orderDeleted', '{orderId}/update', 'event.unreadable',
];

// By the event's name, as the README's table has them.
export const FOLDS = {
  'order.new'(board, data) {
    const { orderId: id, orderVersion: version, eventId, seq, ...order } = data;
    board.orders.set(id, { id, version, updatedAt: data.confirmedAt, priority: 0, acknowledgedAt: null, ...order });
  },
  'order.status.changed'(board, data) {
    board.order(data, () => ({ status: data.newStatus }));
  },
  'order.item.status.changed'(board, data) {
    board.order(data, (order) => ({ items: line(order, data.itemId, (item) => moved(item, data)) }));
  },
  'order.items.added'(board, data) {
    board.order(data, (order) => ({ items: [...order.items, ...data.items] }));
  },
  'order.item.updated'(board, data) {
    board.order(data, (order) => ({ items: line(order, data.item.id, () => data.item) }));
  },
  'order.acknowledged'(board, data) {
    const seen = new Set(data.itemIds);
    const { acknowledgedAt, updatedAt } = data;
    const see = (item) => ({ ...item, attention: null, acknowledgedAt, updatedAt, version: item.version + 1 });
    board.order(data, (order) => ({
      items: order.items.map((item) => (seen.has(item.id) ? see(item) : item)),
      acknowledgedAt: data.itemId ? order.acknowledgedAt : acknowledgedAt,
    }));
  },
  'order.priority.changed'(board, data) {
    board.order(data, () => ({ priority: data.priority }));
  },
  'order.shipped': touched,
  'order.cancelled': touched,
  'order.closed': touched,
  'order.reopened': touched,
  'table.session.opened': seated,
  'table.session.closed': seated,
  'table.session.moved'(board, data) {
    seated(board, data);
    // What had ended there shows its new table too; only what is open has another version.
    for (const order of board.orders.values()) {
      if (order.tableSessionId === data.tableSessionId) board.orders.set(order.id, { ...order, ...place(data) });
    }
    reseat(board, data, place(data));
  },
  'table.session.merged'(board, data) {
    seated(board, data);
    reseat(board, data, { tableSessionId: data.intoId, tableId: data.intoTableId, tableName: data.intoTableName });
  },
};

function byId(list) {
  return new Map(list.map((one) => [one.id, one]));
}

function touched(board, data) {
  board.order(data, () => ({}));
}

function line({ items }, id, change) {
  return items.map((item) => (item.id === id ? change(item) : item));
}

function moved(item, data) {
  const over = ENDED.has(data.newStatus);
  const times = Object.fromEntries(TIMES.map((name) => [name, data[name] ?? null]));
  return {
    ...item,
    ...times,
    status: data.newStatus,
    batchId: data.batchId ?? null,
    version: data.itemVersion,
    updatedAt: data.updatedAt,
    ...(over && { attention: 'VOIDED', acknowledgedAt: null }),
  };
}

function seated(board, { tableSessionId: id, tableId, status, openedAt, closedAt, covers, tableName }) {
  const { openedBy = null } = board.sessions.get(id) ?? {};
  if (status === 'OPEN') board.sessions.set(id, { id, tableId, status, openedAt, closedAt, covers, tableName, openedBy });
  else board.sessions.delete(id);
}

function place({ tableSessionId, tableId, tableName }) {
  return { tableSessionId, tableId, tableName };
}

function reseat(board, data, at) {
  for (const { orderId, orderVersion } of data.orders) board.order({ ...data, orderId, orderVersion }, () => at);
}

// The sum of the live lines, in the scale that the currency has: integers, because 0.1 + 0.2 is not 0.3.
function total(items, before) {
  const digits = before.includes('.') ? before.length - before.indexOf('.') - 1 : 0;
  const minor = items
    .filter((item) => !ENDED.has(item.status))
    .reduce((sum, item) => sum + BigInt(item.unitPrice.replace('.', '')) * BigInt(item.qty), 0n);
  const text = String(minor).padStart(digits + 1, '0');
  return digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text;
}
