// The truth about the connection, always on the screen: a small line while all is well, a full-width banner when it is not.

import { el, set, setText } from './dom.js';
import { icon } from './icons.js';
import { age, t, time } from './words.js';

// Behind an outage of this length everything is as it was; a banner would only frighten. In ms.
const QUIET_START = 2_000;
const MISMATCH = new Set([1002, 1003, 1007, 1008, 1009, 4501]);

// What the server's last word means, and what helps: `{said, help}`, keys of texts.
export function ending({ code, reason = '' } = {}) {
  if (code === 4503) return { said: 'link.superseded', help: 'link.reload' };
  if (code === 1008 && reason.startsWith('FORBIDDEN')) return { said: 'link.refused', help: 'link.signIn' };
  // What this page sent was not understood: the server is of another release, or the page has a fault.
  if (MISMATCH.has(code)) return { said: 'link.mismatch', help: 'link.reload' };
  return { said: 'link.ended', help: 'link.signIn' };
}

export function linkBar(comanda, { signIn }) {
  const words = el('span', { class: 'words' });
  const more = el('span', { class: 'more' });
  const again = el('button', { class: 'button', hidden: true });
  const bar = el('div', { class: 'link', role: 'status' }, icon('offline'), words, more, again);
  const began = performance.now();

  const draw = () => {
    const { state, heard, closed } = comanda.stream;
    const waiting = comanda.outbox.waiting.length;
    const quiet = state === 'connecting' && performance.now() - began < QUIET_START;
    // A page that was loaded again without a network shows what it kept, and of when that is.
    const shown = state === 'connecting' && !quiet && heard !== null ? 'offline' : state;
    set(bar, { 'data-state': quiet ? 'live' : shown });
    const since = heard === null ? null : time(heard);
    const never = since === null && (state === 'offline' || state === 'connecting');
    const end = ending(closed ?? undefined);
    const alone = state === 'ended' ? end.said : never && !quiet ? 'link.never' : null;
    setText(words, alone ? t(alone) : t(`link.${quiet ? 'connecting' : shown}`, { time: since }));
    const parts = [];
    if (heard !== null && state !== 'live') parts.push(t('link.age', { age: age(Date.now() - heard) }));
    if (waiting) parts.push(t('link.waiting', { n: waiting }));
    const parked = comanda.outbox.parked.length;
    if (parked) parts.push(t('link.parked', { n: parked }));
    setText(more, parts.join(' · '));
    again.hidden = state !== 'ended';
    again.onclick = end.help === 'link.signIn' ? signIn : () => location.reload();
    setText(again, t(end.help));
  };

  comanda.addEventListener('link', draw);
  comanda.addEventListener('outbox', draw);
  setInterval(draw, 1000);
  draw();
  return bar;
}
