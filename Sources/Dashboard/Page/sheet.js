// The figures of a plot as a table, and as a file.
import { el } from './dom.js';
import { t } from './words.js';

/** @param columns [{head, values, format}]; the first is the row's head. */
export function sheet(caption, columns, wrapped = true) {
  const rows = () => columns[0].values.map((_, n) => el('tr', {}, columns.map((c, k) =>
    el(k ? 'td' : 'th', k ? {} : { scope: 'row' }, c.format(c.values[n])))));
  const body = el('tbody');
  const table = el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    el('table', {}, el('caption', {}, caption), el('thead', {}, el('tr', {}, columns.map(c => el('th', { scope: 'col' }, c.head)))), body));
  if (!wrapped) { body.append(...rows()); return table; }
  const details = el('details', { class: 'sheet' }, el('summary', {}, t('sheet.show'), ' ', el('span', { class: 'unseen' }, caption)), table);
  details.addEventListener('toggle', () => { if (details.open && !body.firstChild) body.append(...rows()); });
  return details;
}

/** CSV as in RFC 4180; numbers with a point, times in UTC. A text that a spreadsheet would run is disarmed. */
export function csv(columns) {
  const cell = v => {
    if (typeof v === 'number' || v === null || v === undefined) return v ?? '';
    const text = /^[=+\-@\t\r]/.test(v) ? `'${v}` : String(v);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns.map(c => cell(c.name)).join(',')];
  for (let n = 0; n < columns[0].values.length; n += 1) lines.push(columns.map(c => cell(c.values[n])).join(','));
  return lines.join('\r\n') + '\r\n';
}

export function exportLink(name, columns) {
  return el('button', { type: 'button', class: 'export', onclick: () => {
    const address = URL.createObjectURL(new Blob([csv(columns())], { type: 'text/csv' }));
    const link = el('a', { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  } }, t('sheet.export'));
}
