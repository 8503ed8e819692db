// The switch for the demo's lunch hour: the server plays guests, waiters and cooks.

import { el, set, setText } from '../dom.js';
import { icon } from '../icons.js';
import { t } from '../words.js';

const LUNCH = '/api/v1/demo/lunch';
// Minutes of the play in one of the clock.
const SPEEDS = [1, 5, 10, 20, 60];

export class LunchSwitch {
  #words = el('span');
  #button = el('button', { class: 'button', role: 'switch', 'aria-checked': 'false' });
  #speed = el('select', { 'aria-label': t('lunch.speed') }, SPEEDS.map((speed) => el('option', { value: speed }, t('lunch.times', { n: speed }))));
  #playing = false;

  constructor({ api, say }) {
    Object.assign(this, { api, say });
    this.#speed.value = 10;
    this.#button.append(icon('play'), el('span', {}, t('lunch.switch')));
    this.#button.onclick = () => this.#turn();
    this.root = el('section', { class: 'lunch', hidden: true, 'aria-label': t('lunch.title') }, this.#button, this.#speed, this.#words);
  }

  // What the server plays, where it is a demo.
  async look(demo) {
    this.root.hidden = !demo;
    if (demo) this.#draw(await this.api.get(LUNCH));
  }

  #draw({ playing, speed, orders }) {
    this.#playing = playing;
    set(this.#button, { 'aria-checked': String(playing) });
    this.#speed.disabled = playing;
    if (playing) this.#speed.value = speed;
    setText(this.#words, playing ? t('lunch.playing', { n: orders }) : t('lunch.off'));
  }

  async #turn() {
    this.#button.disabled = true;
    try {
      if (this.#playing) await this.api.request({ method: 'DELETE', path: LUNCH });
      else {
        // Another lunch each time.
        const seed = Math.floor(Math.random() * 2 ** 32);
        await this.api.request({ method: 'POST', path: LUNCH, body: { speed: Number(this.#speed.value), seed } });
      }
      this.#draw(await this.api.get(LUNCH));
    } catch (error) {
      this.say('problem', error.message);
    } finally {
      this.#button.disabled = false;
    }
  }
}
