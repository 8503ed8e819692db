// Taps that the server has not answered yet, laid over the board: what was tapped looks tapped at once, and says with a clock
// that it is still to be sent. Pure.

const CHANGES = {
  seen: () => ({ attention: null }),
  bump: () => ({ status: 'READY' }),
  line: ({ to }) => ({ status: to }),
  // As it was before the bump, whether or not its event has come.
  taken: ({ items, was }, { id }) => ({ status: was[items.indexOf(id)] }),
};

// The order as it will be once its waiting taps are done; the same object where none waits. `waiting`: outbox entries whose
// meta is `{kind: 'line', order, item, to}`, `{kind: 'seen', order, items}`, `{kind: 'bump', order, items, was}`, or 'taken'
// for a bump that is taken back.
export function overlaid(order, waiting) {
  const taps = waiting.filter(({ meta }) => meta?.order === order.id);
  if (!taps.length) return order;
  let { items } = order;
  for (const { meta } of taps) {
    const touched = new Set(meta.items ?? [meta.item]);
    const change = (item) => ({ ...item, ...CHANGES[meta.kind]?.(meta, item), unsent: true });
    items = items.map((item) => (touched.has(item.id) ? change(item) : item));
  }
  return { ...order, items };
}
