// What a waiter asks of the server, through the outbox: kept before it leaves, sent until it is answered, once.

const post = (path, body = {}) => ({ method: 'POST', path: `/api/v1${path}`, body });

export class Actions {
  constructor(comanda) {
    this.comanda = comanda;
  }

  // The draft's lines as an order of the table, into the kitchen. Opens the table where nobody sits there yet.
  sendDraft(table, session, lines) {
    const open = session ? [] : [post('/table-sessions', { tableId: table.id })];
    const order = open.length;
    // Name, price and station are the menu's at that moment, whatever this tablet still shows.
    const items = lines.map(({ menuItemId, course, qty, notes }) =>
      post(`/orders/{${order}.id}/items`, { menuItemId, qty, ...(course && { course }), ...(notes && { notes }) }));
    const hold = lines
      .map(({ held }, at) => held && post(`/orders/{${order}.id}/items/{${order + 1 + at}.id}/status`, { status: 'HELD' }))
      .filter(Boolean);
    const steps = [
      ...open,
      post('/orders', { tableSessionId: session?.id ?? '{0.id}' }),
      ...items,
      ...hold,
      post(`/orders/{${order}.id}/confirm`),
    ];
    return this.#send(table.id, table.name, { kind: 'send', table: table.id, lines, order }, { steps });
  }

  // An order that the kitchen did not take is a draft at the server as well: it goes, the lines are the waiter's again.
  abandon(entry) {
    const order = entry.steps[entry.meta.order]?.answer;
    if (order) this.#send(entry.meta.table, entry.label, null, post(`/orders/${order.id}/cancel`, { reason: entry.error.message.slice(0, 500) }));
  }

  // To a line's next state: SERVED, HELD, PENDING (fire), CANCELLED, or VOIDED with a reason.
  move(order, item, to, reason) {
    const body = { status: to, expectedStatus: item.status, ...(reason && { reason }) };
    const meta = { kind: 'line', order: order.id, item: item.id, to };
    return this.#send(order.tableId ?? order.id, `#${order.number}`, meta, post(`/orders/${order.id}/items/${item.id}/status`, body));
  }

  serve(order, lines) {
    lines.forEach((item) => this.move(order, item, 'SERVED'));
  }

  // The guests to another table; to those who sit there already, where `into` is their session.
  transfer(session, table, into) {
    const step = into ? post(`/table-sessions/${session.id}/merge`, { intoId: into.id }) : post(`/table-sessions/${session.id}/move`, { tableId: table.id });
    return this.#send(session.tableId, session.tableName, null, step);
  }

  // Paid and gone: every order that is served, then the table.
  close(session, orders) {
    const served = orders.filter(({ status }) => status === 'SERVED').map(({ id }) => post(`/orders/${id}/close`));
    return this.#send(session.tableId, session.tableName, null, { steps: [...served, post(`/table-sessions/${session.id}/close`)] });
  }

  #send(lane, label, meta, request) {
    return this.comanda.send({ lane, label, meta, ...request });
  }
}
