// One controller in figures: for who wants to know exactly.
import { el, choice, field, put, mark } from './dom.js';
import { t, coded, phrase, has } from './words.js';
import { power, energy, reactive, apparent, volts, amperes, hertz, degrees, celsius, percent, number, duration, moment, isKnown } from './units.js';
import { askSettings, askCommands, session } from './api.js';
import { state, said, silence } from './state.js';
import { phasors, synchroscope } from './phasors.js';
import { setpoints } from './commands.js';
import { sheet } from './sheet.js';
import { capture } from './capture.js';

const kept = { who: '' };

/** Rows of a table of figures: key and how to read it. Nothing that a controller has not is shown. */
const rows = {
  bus: [
    ['voltage', c => c.bus && volts(c.bus.voltage_V, 2)], ['negative', c => c.bus && volts(c.bus.negative_V, 2)],
    ['phases', c => c.bus?.phases_V && c.bus.phases_V.map(v => volts(v)).join(' · ')], ['currents', c => c.bus?.currents_A && c.bus.currents_A.map(amperes).join(' · ')],
    ['frequency', c => c.bus && hertz(c.bus.frequency_Hz, 3)], ['rocof', c => c.bus && isKnown(c.bus.rocof_Hz_per_s) && `${number(c.bus.rocof_Hz_per_s, 3, true)} Hz/s`],
    ['active', c => c.bus && power(c.bus.active_W, true)], ['reactive', c => c.bus && reactive(c.bus.reactive_var)], ['apparent', c => c.bus && apparent(c.bus.apparent_VA)],
    ['power_factor', c => c.bus && number(c.bus.power_factor, 3)], ['distortion', c => c.bus && percent(c.bus.distortion, 2)], ['angle', c => c.bus && degrees(c.bus.phase_deg)],
    ['dc_bus', c => isKnown(c.dc_bus_V) && volts(c.dc_bus_V, 2)],
    ['grid', c => c.grid && [coded('presence', c.grid.presence, c.grid.presence), volts(c.grid.voltage_V, 2), hertz(c.grid.frequency_Hz, 3)].join(' · ')],
  ],
  battery: [
    ['battery_V', c => isKnown(c.battery_V) && volts(c.battery_V, 2)], ['battery_W', c => isKnown(c.battery_W) && power(c.battery_W, true)],
    ['battery_degC', c => isKnown(c.battery_degC) && celsius(c.battery_degC)], ['charge', c => isKnown(c.state_of_charge) && percent(c.state_of_charge, 1)],
    ['contactor', c => c.contactor && coded('contactor', c.contactor.code, c.contactor.words)],
    ['pv', c => isKnown(c.pv_W) && power(c.pv_W, true)], ['wind', c => isKnown(c.wind_W) && power(c.wind_W, true)], ['ev', c => isKnown(c.ev_W) && power(c.ev_W, true)],
    ['load', c => isKnown(c.load_W) && power(c.load_W, true)],
    ['groups', c => c.loads && c.loads.map((on, n) => `${n}: ${t(on ? 'word.on' : 'word.off')}`).join(' · ')],
    ['energy_in', c => isKnown(c.energy_in_Wh) && energy(c.energy_in_Wh)], ['energy_out', c => isKnown(c.energy_out_Wh) && energy(c.energy_out_Wh)],
  ],
  states: [
    ['link', c => coded('link_state', c.link, c.link) + (c.link_words ? `: ${phrase(c.link_words)}` : '')], ['age', c => isKnown(c.age_s) && (c.age_s < 1 ? `${number(c.age_s, 2)} s` : duration(c.age_s))],
    ['islanding', c => c.islanding && [coded('islanding', c.islanding.code, c.islanding.words), phrase(c.islanding.cause)].filter(Boolean).join(' · ')],
    ['source', c => c.source && coded('source', c.source.code, c.source.words)], ['der', c => c.der && coded('der', c.der.code, c.der.words)],
    ['blind', c => c.blind && (c.blind.map(phrase).join(', ') || t('word.none'))], ['tripped', c => c.tripped && (c.tripped.join(', ') || t('word.none'))],
  ],
  tick: [
    ['rate', c => isKnown(c.rate_Hz) && hertz(c.rate_Hz, 0)], ['tick', c => isKnown(c.tick) && number(c.tick)], ['missed', c => isKnown(c.missed_ticks) && number(c.missed_ticks)],
    ['refused', c => isKnown(c.refused_setpoints) && number(c.refused_setpoints)],
  ],
  sync: [
    ['angle', c => c.sync && degrees(c.sync.angle_deg)], ['slip', c => c.sync && hertz(c.sync.slip_Hz, 3)], ['difference', c => c.sync && volts(c.sync.voltage_V, 2)],
    ['permit', c => c.sync && coded('permit', c.sync.permit, c.sync.permit)],
  ],
};

/** A table whose rows come and go with what is known; `more` gives rows of [name, text]. */
function figures(group, more = () => []) {
  const body = el('tbody'), made = new Map();
  const node = group === 'sync' ? el('table', { class: 'figures', 'aria-label': t('engineer.sync') }, body)
    : el('table', { class: 'figures' }, el('caption', {}, t(`engineer.${group}`)), body);
  function row(key, head, text) {
    if (!made.has(key)) {
      const cell = el('td', { 'data-key': key });
      made.set(key, { tr: el('tr', {}, el('th', { scope: 'row' }, head), cell), cell });
      body.append(made.get(key).tr);
    }
    put(made.get(key).cell, text);
    made.get(key).tr.hidden = false;
  }
  function show(c) {
    for (const { tr } of made.values()) tr.hidden = true;
    for (const [key, read] of rows[group]) {
      const text = read(c);
      if (text) row(key, t(`row.${key}`), text);
    }
    for (const [name, text] of more(c)) row(`own ${name}`, name, text);
    node.hidden = [...made.values()].every(r => r.tr.hidden);
  }
  return { node, show };
}

export function engineerView() {
  const all = state.site.controllers;
  if (!all.some(c => c.name === kept.who)) kept.who = (all.find(c => c.kind === 'coupling') ?? all[0])?.name ?? '';
  if (!kept.who) return { node: el('p', { class: 'card' }, t('error.nobody')) };
  const note = el('p', { class: 'note', role: 'status' });
  const dials = phasors(), scope = synchroscope();
  const tables = {
    bus: figures('bus'), states: figures('states'), battery: figures('battery'), sync: figures('sync'),
    tick: figures('tick', c => (c.status ?? []).filter(pair => pair?.[0]).map(([name, text]) => [has(`phrase.${name}`) ? phrase(name) : name, String(text ?? '–')])),
  };
  const captureRoom = el('div'), settingsRoom = el('div'), commandRoom = el('div'), wishes = el('div');
  const dialCard = el('section', { class: 'card' }, el('h3', {}, t('engineer.phasors')), dials.root,
    el('ul', { class: 'legend' }, el('li', {}, el('span', { class: 'swatch voltage' }), t('engineer.voltages')), el('li', {}, el('span', { class: 'swatch current' }), t('engineer.currents'))),
    el('p', { class: 'note' }, t('engineer.angles_note')));
  const syncCard = el('section', { class: 'card' }, el('h3', {}, t('engineer.sync')), scope.root, tables.sync.node);
  const select = field(t('events.controller'), choice(all.map(c => [c.name, c.name]), kept.who, v => { kept.who = v; begin(); }));
  const node = el('section', { class: 'engineer', 'aria-labelledby': 'engineer-head' }, el('h2', { id: 'engineer-head' }, t('nav.engineer')),
    el('div', { class: 'row bar' }, select), note,
    el('div', { class: 'columns' }, dialCard, syncCard, ['states', 'bus', 'battery', 'tick'].map(k => el('div', { class: 'card' }, tables[k].node))),
    captureRoom, wishes, settingsRoom, commandRoom);
  let asked = 0;

  async function begin() {
    const mine = asked += 1;
    // What is newest is on the hub's disk a second later.
    captureRoom.replaceChildren(el('section', { class: 'card', id: 'capture' }, el('h3', {}, t('engineer.capture')), el('p', { class: 'note' }, t('capture.what')),
      capture(kept.who, { turns: () => [Date.now() - 7000, Date.now() - 2000], waves: () => [Date.now() - 2200, Date.now() - 2000] })));
    wishes.replaceChildren(...[setpoints(kept.who)].filter(Boolean));
    if (state.snapshot) show(state.snapshot);
    settingsRoom.replaceChildren();
    const files = await askSettings(kept.who).catch(refusal => refusal);
    if (mine !== asked) return;
    settingsRoom.replaceChildren(el('section', { class: 'card' }, el('h3', {}, t('engineer.settings')),
      Array.isArray(files) && files.length ? files.map(f => el('details', {}, el('summary', {}, f.name), el('pre', { tabindex: 0, 'aria-label': f.name }, f.text)))
        : el('p', {}, files instanceof Error ? files.message : t('word.none'))));
  }

  async function record() {
    if (!session.user) { commandRoom.replaceChildren(); return; }
    const list = await askCommands().catch(refusal => refusal);
    commandRoom.replaceChildren(el('section', { class: 'card', id: 'record' }, el('h3', {}, t('engineer.record')),
      !Array.isArray(list) ? el('p', {}, list.message) : list.length === 0 ? el('p', {}, t('word.none'))
        : sheet(t('engineer.record'), [['time', moment], ['user', String], ['via', v => coded('via', v, v)], ['controller', String], ['command', v => coded('command', v, v)],
          ['accepted', v => t(v ? 'word.yes' : 'word.no')], ['words', phrase]].map(([key, format]) => ({ head: t(`record.${key}`), values: list.map(r => r[key] ?? ''), format })), false)));
  }

  function show(s) {
    const c = said(s, kept.who);
    const lost = silence(c, kept.who) || (state.broken ? t('stream.stale') : '');
    put(note, lost);
    mark(node, 'data-stale', lost ? 'yes' : null);
    mark(node, 'data-time', s.time);
    const shown = c ?? { link: 'absent' };
    for (const table of Object.values(tables)) table.show(shown);
    for (const k of ['bus', 'battery', 'tick', 'states']) tables[k].node.parentNode.hidden = tables[k].node.hidden;
    dialCard.hidden = !shown.bus?.phases_V?.some(isKnown);
    if (!dialCard.hidden) dials.show(shown.bus, state.site.voltage_V);
    syncCard.hidden = !shown.sync;
    if (shown.sync) scope.show(shown.sync);
  }
  begin();
  record();
  document.addEventListener('skerry-command', record);
  return { node, show, leave: () => document.removeEventListener('skerry-command', record) };
}
