// Elements by name. Nothing here writes HTML text, so nothing from outside can become markup.

const space = 'http://www.w3.org/2000/svg';

function furnish(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'value' || name === 'checked') node[name] = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(3).filter(c => c !== null && c !== undefined && c !== false));
  return node;
}

export const el = (name, attributes, ...children) =>
  furnish(document.createElement(name), attributes, children);

export const svg = (name, attributes, ...children) =>
  furnish(document.createElementNS(space, name), attributes, children);

/** Writes only what has changed: screen readers and the painter are left in peace otherwise. */
export function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function mark(node, name, value) {
  if (value === null || value === undefined) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

let counted = 0;
export const freshID = stem => `${stem}-${++counted}`;

/** A labelled field: the label's words, and the control. */
export function field(label, control) {
  control.id ||= freshID('field');
  return el('div', { class: 'field' }, el('label', { for: control.id }, label), control);
}

/** A select of [value, words] pairs. */
export function choice(pairs, value, onchange) {
  const select = el('select', { onchange: () => onchange(select.value) },
    pairs.map(([v, words]) => el('option', { value: v }, words)));
  select.value = value;
  return select;
}
