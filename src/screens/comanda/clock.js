// The server's clock, told by what it sends: displays' own may be wrong by hours.

// A step of the server's or the display's own clock, in ms: what was measured before it is worth nothing.
const STEP = 60_000;

export class Clock {
  #offset = null;

  // The server said it was `at`, in ms; the least delayed answer is nearest to the truth.
  heard(at) {
    const offset = at - Date.now();
    const stepped = this.#offset === null || Math.abs(offset - this.#offset) > STEP;
    this.#offset = stepped ? offset : Math.max(this.#offset, offset);
  }

  // In ms since 1970.
  now() {
    return Date.now() + (this.#offset ?? 0);
  }
}
