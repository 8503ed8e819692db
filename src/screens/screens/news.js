// What passes: one bar, the latest news in it, gone by itself after a while or by a tap.

import { el } from './dom.js';
import { icon } from './icons.js';
import { t } from './words.js';

// `root`: where it is shown. `lasts`: for so long, in ms. Answers what says it: `kind` is 'info' or 'problem'.
export function newsBar(root, lasts) {
  let timer = null;
  const close = () => root.replaceChildren();
  return (kind, text) => {
    const button = el('button', { class: 'button quiet', onclick: close, 'aria-label': t('news.dismiss') }, icon('close'));
    root.replaceChildren(el('p', { class: kind }, text, button));
    clearTimeout(timer);
    timer = setTimeout(close, lasts);
  };
}
