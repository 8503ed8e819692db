// A line over the last minutes, as SVG of our own: an area, a line, its peak and its newest value in words.

import { el, set, setText, shape } from '../dom.js';
import { t } from '../words.js';

const [WIDTH, HEIGHT] = [600, 120];
// Above the highest point, so that the line is not cut.
const AIR = 8;

// `unit(value)` writes a value for people.
export class Chart {
  #area = shape('path', { class: 'area' });
  #line = shape('path', { class: 'line' });
  #svg = shape('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' });
  #now = el('strong');
  #peak = el('span', { class: 'peak' });

  constructor(title, unit) {
    Object.assign(this, { title, unit });
    this.#svg.append(this.#area, this.#line);
    this.root = el('figure', { class: 'chart' },
      el('figcaption', {}, el('span', {}, title), this.#now),
      el('div', { class: 'plot' }, this.#svg, this.#peak),
      el('div', { class: 'axis', 'aria-hidden': 'true' }, el('span', {}, t('admin.minutesAgo', { n: 5 })), el('span', {}, t('admin.now'))));
  }

  // `points`: numbers, oldest first; null where there is none to draw.
  draw(points) {
    const known = points.filter((point) => point !== null);
    const highest = Math.max(0, ...known);
    const step = WIDTH / (points.length - 1);
    const y = (point) => HEIGHT - (highest ? (point / highest) * (HEIGHT - AIR) : 0);
    const runs = [];
    points.forEach((point, index) => {
      if (point === null) return;
      const before = points[index - 1] ?? null;
      if (before === null) runs.push([]);
      runs.at(-1).push([(index * step).toFixed(1), y(point).toFixed(1)]);
    });
    const line = (run) => `M${run.map((at) => at.join(' ')).join('L')}`;
    this.#line.setAttribute('d', runs.map((run) => (run.length > 1 ? line(run) : `${line(run)}h1`)).join(''));
    this.#area.setAttribute('d', runs.map((run) => `${line(run)}L${run.at(-1)[0]} ${HEIGHT}L${run[0][0]} ${HEIGHT}Z`).join(''));
    const newest = points.findLast((point) => point !== null) ?? null;
    setText(this.#now, newest === null ? '–' : this.unit(newest));
    setText(this.#peak, highest ? t('admin.peak', { value: this.unit(highest) }) : '');
    set(this.#svg, { 'aria-label': t('admin.chart', { title: this.title, now: this.#now.textContent, peak: this.unit(highest) }) });
  }
}
