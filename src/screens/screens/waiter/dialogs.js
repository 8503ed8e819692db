// Questions to a waiter: one at a time, answered by big buttons, closed by Escape.

import { el } from '../dom.js';
import { t } from '../words.js';

// Resolves to the value of the button that was tapped, or null. `choices`: [{value, label, kind?}].
function open(title, body, choices) {
  return new Promise((resolve) => {
    const buttons = choices.map(({ value, label, kind = '' }) =>
      el('button', { class: `button big ${kind}`, onclick: () => answer(typeof value === 'function' ? value() : value) }, label));
    const cancel = el('button', { class: 'button big', onclick: () => answer(null) }, t('dialog.cancel'));
    const dialog = el('dialog', { 'aria-label': title }, el('h2', {}, title), body, el('div', { class: 'choices' }, buttons, cancel));
    const answer = (value) => {
      // An empty text is no answer: the field says so itself.
      if (value === undefined) return;
      dialog.remove();
      resolve(value);
    };
    dialog.oncancel = () => answer(null);
    document.body.append(dialog);
    dialog.showModal();
  });
}

export const choose = (title, choices) => open(title, null, choices);

// A text; `quick` are ones to tap. Empty is allowed where `optional`.
export function write(title, { value = '', quick = [], optional = false, label }) {
  const area = el('textarea', { maxlength: 500, rows: 3, 'aria-label': title, value });
  const add = (word) => {
    area.value = area.value ? `${area.value}, ${word}` : word;
    area.focus();
  };
  const words = el('div', { class: 'quick' }, quick.map((word) => el('button', { class: 'button big', onclick: () => add(word) }, word)));
  const said = () => {
    const text = area.value.trim();
    if (text || optional) return text;
    area.focus();
    return undefined;
  };
  return open(title, el('div', { class: 'writing' }, area, words), [{ value: said, label, kind: 'primary' }]);
}
