// Whether a tap meant what it hit. Tickets move when others leave or grow; a finger that is on its way by then lands on what
// came in its place. So a tap counts only where, half a second before it, nothing else was at that point.

// From seeing a target to touching it, in ms.
const REACTION = 500;

export class Touch {
  #drawn = [];

  // What is on the wall from now on: pieces with their place, `{order, lines: [item id…], head, heights, left, width, top, height}`,
  // and the orders in the order of their numbers.
  drew(pieces, orders, now) {
    this.#drawn.push({ pieces, orders, since: now });
    // One that begins before the reaction is enough.
    const since = now - REACTION;
    let first = 0;
    while (first + 1 < this.#drawn.length && this.#drawn[first + 1].since <= since) first += 1;
    this.#drawn.splice(0, first);
  }

  // `target`: `{order, item}`, without an item for the head; `x`, `y`: where on the wall; `at`: when the finger came down.
  meant({ order, item = null }, { x, y }, at) {
    const before = this.#at(at - REACTION);
    if (!before) return true;
    const was = under(before.pieces, x, y);
    return !was || (was.order === order && was.item === item);
  }

  // The order whose number is `n`, where it was so long enough to be read.
  nth(n, at) {
    const [now, before] = [this.#drawn.at(-1)?.orders[n - 1], this.#at(at - REACTION)?.orders[n - 1]];
    return before && before !== now ? undefined : now;
  }

  #at(time) {
    return this.#drawn.findLast(({ since }) => since <= time);
  }
}

function under(pieces, x, y) {
  const piece = pieces.find(({ left, width, top, height }) => x >= left && x < left + width && y >= top && y < top + height);
  if (!piece) return null;
  let end = piece.top + piece.head;
  if (y < end) return { order: piece.order, item: null };
  for (const [at, item] of piece.lines.entries()) {
    end += piece.heights[at];
    if (y < end) return { order: piece.order, item };
  }
  return null;
}
