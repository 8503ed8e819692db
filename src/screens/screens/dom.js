// Elements without HTML strings: what comes from data is only ever text.

const SVG = 'http://www.w3.org/2000/svg';

// el('button', { class: 'big', onclick, 'aria-label': 'Bump' }, 'Bump', icon)
// `on…` are listeners, `class` and `text` what they say, everything else attributes; null, false and undefined are left out.
export function el(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  set(element, props);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function set(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith('on')) element[name] = value;
    else if (name === 'text') setText(element, value);
    else if (name === 'value') element.value = value;
    else if (value === null || value === undefined || value === false) element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value === true ? '' : value);
  }
}

// Writes only what is another text: screen readers and layout notice every write.
export function setText(element, text) {
  if (element.textContent !== String(text)) element.textContent = text;
}

// An element of SVG.
export function shape(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

// An icon out of icons.js: stroked paths in a square of 24.
export function svg(paths, label) {
  const element = shape('svg', { viewBox: '0 0 24 24', class: 'icon' });
  if (label) {
    element.setAttribute('role', 'img');
    element.setAttribute('aria-label', label);
  } else {
    element.setAttribute('aria-hidden', 'true');
  }
  element.append(...paths.map((d) => shape('path', { d })));
  return element;
}

// Makes the children of `parent` those of `items`, in order, touching only what differs. `make(item)` makes one,
// `update(element, item)` brings it up to date; elements keep their focus and their place in the tree.
export function reconcile(parent, items, key, make, update = () => {}) {
  const before = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  const wanted = items.map((item) => [String(key(item)), item]);
  // What goes goes first: an element that stays is then where it belongs, and is not moved past those that went.
  const stays = new Set(wanted.map(([id]) => id));
  for (const [id, child] of before) if (!stays.has(id)) child.remove();
  let cursor = parent.firstElementChild;
  for (const [id, item] of wanted) {
    let child = before.get(id);
    if (!child) {
      child = make(item);
      child.dataset.key = id;
    }
    update(child, item);
    if (child === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(child, cursor);
  }
}
