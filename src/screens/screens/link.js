// The truth about the connection, always on the screen: a small line while all is well, a full-width banner when it is not.

import { el, set, setText } from './dom.js';
import { icon } from './icons.js';
import { age, t, time } from './words.js';

// Behind an outage of this length everything is as it was; a banner would only frighten. In ms.
const QUIET_START = 2_000;

export function linkBar(comanda, { signIn }) {
  const words = el('span', { class: 'words' });
  const more = el('span', { class: 'more' });
  const again = el('button', { class: 'button', hidden: true, onclick: signIn }, t('link.signIn'));
  const bar = el('div', { class: 'link', role: 'status' }, icon('offline'), words, more, again);
  const began = performance.now();

  const draw = () => {
    const { state, heard } = comanda.stream;
    const waiting = comanda.outbox.waiting.length;
    const quiet = state === 'connecting' && performance.now() - began < QUIET_START;
    set(bar, { 'data-state': quiet ? 'live' : state });
    const since = heard === null ? null : time(heard);
    const never = since === null && (state === 'offline' || state === 'connecting');
    setText(words, never && !quiet ? t('link.never') : t(`link.${quiet ? 'connecting' : state}`, { time: since }));
    const parts = [];
    if (heard !== null && state !== 'live') parts.push(t('link.age', { age: age(Date.now() - heard) }));
    if (waiting) parts.push(t('link.waiting', { n: waiting }));
    setText(more, parts.join(' · '));
    again.hidden = state !== 'ended';
  };

  comanda.addEventListener('link', draw);
  comanda.addEventListener('outbox', draw);
  setInterval(draw, 1000);
  draw();
  return bar;
}
