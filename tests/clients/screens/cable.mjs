// The cable between a screen and the server, to be pulled and put back: TCP passed on, cut, or swallowed without a word.

import net from 'node:net';

export class Cable {
  #sockets = new Set();
  #state = 'up';

  constructor() {
    const target = new URL(process.env.COMANDA_URL);
    this.port = Number(process.env.COMANDA_CABLE_PORT);
    this.server = net.createServer((near) => {
      if (this.#state === 'cut') return near.destroy();
      const far = net.connect(Number(target.port), target.hostname);
      for (const [from, to] of [[near, far], [far, near]]) {
        this.#sockets.add(from);
        from.on('data', (bytes) => this.#state !== 'swallowing' && to.write(bytes));
        from.on('error', () => {});
        from.on('close', () => { this.#sockets.delete(from); to.destroy(); });
      }
      return undefined;
    });
  }

  get url() { return `http://127.0.0.1:${this.port}`; }

  async open() {
    await new Promise((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    return this;
  }

  // Pulled: every connection breaks, none begins.
  cut() {
    this.#state = 'cut';
    this.#sockets.forEach((socket) => socket.destroy());
  }

  // Worse: nothing breaks and nothing arrives, as behind a dead access point.
  swallow() { this.#state = 'swallowing'; }

  mend() {
    // What was swallowed is gone: those connections would miss bytes in their middle.
    if (this.#state === 'swallowing') this.#sockets.forEach((socket) => socket.destroy());
    this.#state = 'up';
  }

  close() {
    this.cut();
    this.server.close();
  }
}
