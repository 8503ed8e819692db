// A display that belongs to nobody yet: it shows a code that a manager types in, and waits. Or somebody signs in instead.

import { el } from '../dom.js';
import { t } from '../words.js';

// The server answers polls of a pairing at any pace; a cook should not wait for long. In ms.
const ASK_EVERY = 2_000;

// Resolves once the display is paired: `session` has its login then.
export async function pair(session, root, signIn) {
  const code = el('p', { class: 'code', 'aria-live': 'polite' }, '········');
  const problem = el('p', { class: 'problem', role: 'alert', hidden: true });
  root.replaceChildren(
    el(
      'section',
      { class: 'pairing' },
      el('h1', {}, t('pair.title')),
      el('p', {}, t('pair.how')),
      code,
      problem,
      el('button', { class: 'button', onclick: signIn }, t('pair.signIn')),
    ),
  );
  for (;;) {
    try {
      const asked = await session.ask('/api/v1/devices/pair', {});
      code.textContent = `${asked.code.slice(0, 4)} ${asked.code.slice(4)}`;
      problem.hidden = true;
      if (await claimed(session, asked)) return;
    } catch (error) {
      problem.textContent = error.status === 429 ? t('pair.later') : t('login.failed');
      problem.hidden = false;
      await new Promise((resolve) => { setTimeout(resolve, ASK_EVERY * 2); });
    }
  }
}

// False where the code ran out before anybody typed it.
async function claimed(session, { pairingSecret, expiresIn }) {
  const end = performance.now() + expiresIn * 1000;
  while (performance.now() < end) {
    await new Promise((resolve) => { setTimeout(resolve, ASK_EVERY); });
    let answer;
    try {
      answer = await session.ask('/api/v1/devices/pair/poll', { pairingSecret });
    } catch (error) {
      if (error.status >= 400 && error.status < 500 && error.status !== 429) return false;
      continue;
    }
    if (answer.status === 'PAIRED') {
      session.take(answer);
      return true;
    }
  }
  return false;
}
