// All controllers of the site on one page, each as a card that leads to its own picture.
import { el, svg, put, mark } from './dom.js';
import { icon } from './icons.js';
import { t, coded } from './words.js';
import { power, hertz, volts, percent, isKnown } from './units.js';
import { state, said, silence, fitted, controllerWords, exchange } from './state.js';

function bar() {
  const fill = svg('rect', { y: 2, height: 6, class: 'fill' });
  const root = svg('svg', { class: 'bar', viewBox: '0 0 200 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('rect', { x: 0, y: 4, width: 200, height: 2, class: 'trough' }), fill, svg('rect', { x: 99.5, y: 0, width: 1, height: 10, class: 'middle' }));
  return { root, show(share) {
    const s = isKnown(share) ? Math.max(-1, Math.min(1, share)) : 0;
    mark(fill, 'x', s < 0 ? 100 + 100 * s : 100);
    mark(fill, 'width', Math.abs(100 * s));
  } };
}

function row(part) {
  const figure = el('span', { class: 'figure' }), b = bar();
  const node = el('li', { class: part }, icon(part), el('span', { class: 'label' }, t(`part.${part}`)), b.root, figure);
  return { node, show(watts, scale) { put(figure, power(watts, true)); b.show(watts / scale); } };
}

function card(c) {
  const words = el('p', { class: 'state' }), note = el('p', { class: 'note' });
  const rows = {};
  const list = el('ul', { class: 'flows' });
  const charge = el('meter', { min: 0, max: 1, 'aria-label': t('fact.charge') }), chargeText = el('span');
  const chargeRow = el('p', { class: 'store' }, charge, chargeText);
  const head = el('h3', {}, el('a', { href: c.kind === 'coupling' ? '#now' : `#now/${encodeURIComponent(c.name)}` }, c.name), ' ',
    el('span', { class: 'kind' }, coded('kind', c.kind, c.kind)));
  const node = el('li', { class: 'card home', 'data-name': c.name }, head, words, list, c.has?.includes('battery') ? chargeRow : null, note);
  function show(s) {
    const now = said(s, c.name) ?? {};
    const lost = silence(said(s, c.name), c.name) || (state.broken ? t('stream.stale') : '');
    mark(node, 'data-stale', lost ? 'yes' : null);
    mark(node, 'data-alarm', (s.site?.alarms ?? []).some(a => a?.controller === c.name && a.level === 'alarm') ? 'yes' : null);
    put(words, lost || controllerWords(now));
    const parts = c.kind === 'coupling' ? new Set() : fitted([c], now);
    const flows = Object.fromEntries([...parts].map(p => [p, now[`${p}_W`]]));
    if (c.kind === 'coupling') flows.grid = s.site?.grid_W ?? now.bus?.active_W;
    else if (c.kind === 'home') flows.village = exchange(now, parts);
    else if (c.kind === 'der' && isKnown(now.bus?.active_W)) flows.grid = -now.bus.active_W;
    const scale = Math.max(1000, ...Object.values(flows).filter(isKnown).map(Math.abs));
    for (const [part, watts] of Object.entries(flows)) {
      if (!rows[part]) { rows[part] = row(part); list.append(rows[part].node); }
      rows[part].show(watts, scale);
    }
    charge.value = now.state_of_charge ?? 0;
    put(chargeText, percent(now.state_of_charge));
    const trouble = [...(now.tripped ?? []).map(n => t('trouble.tripped', { name: n })), ...(now.blind ?? []).map(n => t('trouble.blind', { name: n }))];
    const volt = isKnown(now.bus?.voltage_V) ? now.bus.voltage_V : now.dc_bus_V;
    put(note, trouble.join(', ') || [volts(volt, 1), isKnown(now.bus?.frequency_Hz) ? hertz(now.bus.frequency_Hz) : ''].filter(Boolean).join(' · '));
  }
  return { node, show };
}

export function villageView() {
  if (state.site.controllers.length === 0) return { node: el('p', { class: 'card' }, t('error.nobody')) };
  const cards = state.site.controllers.map(card);
  const node = el('section', { 'aria-labelledby': 'village-head' }, el('h2', { id: 'village-head' }, t('village.head')),
    el('ul', { class: 'village' }, cards.map(c => c.node)));
  return { node, show(s) { mark(node, 'data-time', s.time); for (const c of cards) c.show(s); } };
}
