// Forms in dialogs: fields by name, sent as the server wants them, and what the server says against them beside them.

import { randomKey } from '/comanda.js';
import { el, set } from '../dom.js';
import { t } from '../words.js';

// A dialog around `body`; resolves to what `answer(value)` is given, null on Escape.
function dialog(title, build) {
  return new Promise((resolve) => {
    const answer = (value) => {
      box.remove();
      before?.focus?.();
      resolve(value);
    };
    const before = document.activeElement;
    const box = el('dialog', { class: 'form', 'aria-label': title }, el('h2', {}, title), build(answer));
    box.oncancel = () => answer(null);
    document.body.append(box);
    box.showModal();
  });
}

// Yes or no to something that cannot be undone.
export function confirm(title, text, label) {
  return dialog(title, (answer) =>
    el('div', { class: 'stack' },
      el('p', {}, text),
      el('div', { class: 'buttons' },
        el('button', { class: 'button', onclick: () => answer(false) }, t('dialog.cancel')),
        el('button', { class: 'button danger', onclick: () => answer(true) }, label))));
}

// Something to read and to write down, as a code that is shown once.
export function show(title, ...body) {
  return dialog(title, (answer) =>
    el('div', { class: 'stack' }, body,
      el('div', { class: 'buttons' }, el('button', { class: 'button primary', autofocus: true, onclick: () => answer(true) }, t('admin.done')))));
}

let counted = 0;

// `{name, label, type, value, options, hint, keep, …}`: type is text, email, password, number, check, checks or select; `keep`
// says that an empty text is sent too, since it takes away what was there. Other attributes are the input's.
function control({ name, label, type = 'text', value, options = [], hint, keep, ...more }) {
  const id = `field-${counted += 1}`;
  const named = { id, name, 'aria-describedby': hint ? `${id}-hint` : null };
  if (type === 'checks') return checks({ id, label, value, options });
  let input;
  if (type === 'select') {
    input = el('select', named, options.map(([key, words]) => el('option', { value: key, selected: key === value }, words)));
    input.value = value ?? options[0]?.[0] ?? '';
  } else {
    input = el('input', { ...named, type: type === 'check' ? 'checkbox' : type, autocomplete: 'off', ...more });
    if (type === 'check') input.checked = Boolean(value);
    else input.value = value ?? '';
  }
  const words = el('label', { for: id }, el('span', {}, label));
  const hinted = hint && el('small', { id: `${id}-hint` }, hint);
  const row = type === 'check' ? el('div', { class: 'check' }, input, words) : [words, input];
  const read = () => {
    if (type === 'check') return input.checked;
    const text = type === 'password' ? input.value : input.value.trim();
    if (text === '' && !keep) return undefined;
    return type === 'number' && text !== '' ? Number(text) : text;
  };
  // What is being mended is not called wrong any more.
  input.addEventListener('input', () => set(input, { 'aria-invalid': null }));
  return { root: el('div', { class: 'field' }, row, hinted), read, input };
}

function checks({ label, value = [], options }) {
  const boxes = options.map(([key, words]) => {
    const input = el('input', { type: 'checkbox' });
    input.checked = value.includes(key);
    return { key, input, row: el('label', { class: 'check' }, input, el('span', {}, words)) };
  });
  const root = el('fieldset', { class: 'field' }, el('legend', {}, label), boxes.map(({ row }) => row));
  return { root, read: () => boxes.filter(({ input }) => input.checked).map(({ key }) => key), input: boxes[0]?.input ?? root };
}

// What the server says against a body, one text a fault.
const faults = (error) => [error.body?.message ?? error.message].flat();

// Asks for `fields` and sends them by `send(body, key)` until the server takes them: its answer, or null where nobody
// wanted it any more. With `changed` only what differs is sent.
export function ask(title, { fields, send, label, changed = false }) {
  const controls = new Map(fields.map((field) => [field.name, control(field)]));
  const before = new Map(fields.map((field) => [field.name, JSON.stringify(controls.get(field.name).read())]));
  const told = el('ul');
  const problem = el('div', { class: 'problem', role: 'alert', hidden: true }, told);
  // The same body under the same key is done once, however often a lost answer makes us send it.
  let last = {};
  const body = () => {
    const values = fields.map(({ name }) => [name, controls.get(name).read()]);
    const wanted = values.filter(([name, value]) => value !== undefined && (!changed || JSON.stringify(value) !== before.get(name)));
    return Object.fromEntries(wanted);
  };
  return dialog(title, (answer) => {
    const button = el('button', { class: 'button primary', type: 'submit' }, label);
    const submit = async (event) => {
      event.preventDefault();
      const values = body();
      if (changed && !Object.keys(values).length) return answer(null);
      const text = JSON.stringify(values);
      if (text !== last.text) last = { text, key: randomKey() };
      button.disabled = true;
      try {
        return answer((await send(values, last.key)) ?? true);
      } catch (error) {
        button.disabled = false;
        return complain(error);
      }
    };
    const complain = (error) => {
      const wrongs = faults(error);
      told.replaceChildren(...wrongs.map((one) => el('li', {}, one)));
      problem.hidden = false;
      let first = null;
      for (const [name, { input }] of controls) {
        const wrong = wrongs.some((one) => one.startsWith(`${name} `));
        set(input, { 'aria-invalid': wrong ? 'true' : null });
        if (wrong) first ??= input;
      }
      (first ?? controls.values().next().value.input).focus();
    };
    const form = el('form', { class: 'stack', onsubmit: submit },
      [...controls.values()].map(({ root }) => root),
      problem,
      el('div', { class: 'buttons' },
        el('button', { class: 'button', type: 'button', onclick: () => answer(null) }, t('dialog.cancel')), button));
    // The server says what is wrong, all at once and in its own words.
    form.noValidate = true;
    return form;
  });
}
