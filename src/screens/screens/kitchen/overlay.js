// Taps that the server has not answered yet, laid over the board: what was tapped looks tapped at once, and says with a clock
// that it is still to be sent. Pure.

// The order as it will be once its waiting taps are done; the same object where none waits. `waiting`: outbox entries whose
// meta is `{kind: 'line', order, item, to}`, `{kind: 'seen', order, item}` or `{kind: 'bump', order, items}`.
export function overlaid(order, waiting) {
  const taps = waiting.filter(({ meta }) => meta?.order === order.id);
  if (!taps.length) return order;
  let { items } = order;
  for (const { meta } of taps) {
    const touched = new Set(meta.items ?? [meta.item]);
    const change = meta.kind === 'seen' ? { attention: null } : { status: meta.kind === 'bump' ? 'READY' : meta.to };
    items = items.map((item) => (touched.has(item.id) ? { ...item, ...change, unsent: true } : item));
  }
  return { ...order, items };
}
