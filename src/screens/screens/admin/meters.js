// What happened in the last minutes, in slots of some seconds: counts and means, for charts. Pure; times in ms.

export const SLOT = 5_000;
export const SLOTS = 60;

// One quantity. `known` is when it began to be counted: before that there is nothing to draw, which is not nothing.
export class Meter {
  #sums = new Map();
  #counts = new Map();

  constructor(known) {
    this.known = known;
  }

  // `amount` of it at `at`; for a mean, `times` says over how many.
  add(at, amount = 1, times = 1) {
    const slot = Math.floor(at / SLOT);
    this.#sums.set(slot, (this.#sums.get(slot) ?? 0) + amount);
    this.#counts.set(slot, (this.#counts.get(slot) ?? 0) + times);
    for (const old of this.#sums.keys()) {
      if (old > slot - 2 * SLOTS) break;
      this.#sums.delete(old);
      this.#counts.delete(old);
    }
  }

  // The last slots up to the one before `now`, which is not over: how many per `unit` ms, null where it is not known. What
  // is rare is told over as many slots as `over` says, each point of those up to it.
  rates(now, unit, over = 1) {
    const sum = (slot) => Array.from({ length: over }, (_, back) => this.#sums.get(slot - back) ?? 0).reduce((a, b) => a + b);
    return this.#last(now, (slot) => (sum(slot) * unit) / (SLOT * over));
  }

  // The same as means; null also where there was nothing.
  means(now) {
    return this.#last(now, (slot) => (this.#counts.get(slot) ? this.#sums.get(slot) / this.#counts.get(slot) : null));
  }

  #last(now, value) {
    const end = Math.floor(now / SLOT);
    return Array.from({ length: SLOTS }, (_, index) => {
      const slot = end - SLOTS + index;
      return (slot + 1) * SLOT <= this.known ? null : value(slot);
    });
  }
}

// What a total has grown by since it was last told. One that shrinks has begun anew, at 0.
export class Growth {
  #before = null;

  since(total) {
    const before = this.#before;
    this.#before = total;
    if (before === null) return 0;
    return total < before ? total : total - before;
  }
}
