// The site, or one home, as it is now.
import { el, put, mark } from './dom.js';
import { t } from './words.js';
import { power, hertz, volts, percent, duration, number, isKnown } from './units.js';
import { state, entry, said, coupling, silence, fitted, exchange, situation, situationWords, alarms, controllerWords, isDirect, followers } from './state.js';
import { picture } from './picture.js';
import { gauge } from './gauge.js';
import { controls } from './commands.js';

/** A headed figure with a line under it, and perhaps a gauge. */
function fact(key, extra = null) {
  const value = el('p', { class: 'value', id: `fact-${key}` });
  const note = el('p', { class: 'note' });
  const node = el('section', { class: `card fact ${key}` }, el('h3', {}, t(`fact.${key}`)), value, extra?.root, note);
  return { node, show(text, under) { put(value, text); put(note, under); } };
}

export function nowView(name) {
  const controller = name ? entry(name) : null;
  if (name && !controller) return { node: el('p', { class: 'card' }, t('error.controller', { name })) };
  const own = controller && controller.kind !== 'coupling';

  const big = el('p', { class: 'big', id: 'situation' }), small = el('p', { class: 'sub' });
  const hero = el('section', { class: 'hero', 'aria-labelledby': 'now-head' },
    el('h2', { id: 'now-head' }, own ? controller.name : t('now.head')), big, small);
  const list = el('ul', { class: 'alarms', id: 'alarms', 'aria-label': t('alarms') });
  const room = el('div', { class: 'card drawing' });
  // The green part is what EN 50160 allows most of the time: 1 % of 50 Hz, 10 % of the voltage.
  const hertzGauge = gauge(1.25), voltGauge = gauge(0.25);
  const facts = { frequency: fact('frequency', hertzGauge), voltage: fact('voltage', voltGauge), charge: fact('charge'), balance: fact('balance') };
  const side = el('div', { class: 'facts' }, Object.values(facts).map(f => f.node));
  const commandRoom = el('div', { class: 'commands' });
  const node = el('div', { class: 'now' }, list, hero, el('div', { class: 'split' }, room, side), commandRoom,
    own ? el('p', {}, el('a', { href: '#now' }, t('now.whole'))) : null);

  let drawn = null, drawnFor = '', alarmsFor = '', described = 0, commands = null, commandsFor = '';

  function viewOfSite(s) {
    const site = s.site ?? {};
    const list = state.site.controllers.filter(c => c.kind !== 'coupling');
    const parts = fitted(list, site);
    const pcc = coupling(), pccSaid = pcc && said(s, pcc.name);
    const follower = followers()[0];
    const hasGrid = Boolean(pcc) || isKnown(site.grid_W) || Boolean(site.grid_presence) || Boolean(follower);
    const view = { parts: {}, charge: site.state_of_charge, bus: hasGrid ? situationWords(site, s).at : 'alone', contactor: contactorAt(site, pcc && pccSaid?.link !== 'connected') };
    for (const part of parts) {
      const holders = list.filter(c => part === 'load' ? c.kind !== 'der' : c.has?.includes(part));
      const missing = holders.filter(c => said(s, c.name)?.link !== 'connected').map(c => c.name);
      view.parts[part] = {
        power_W: site[`${part}_W`],
        state: !isKnown(site[`${part}_W`]) || (missing.length && missing.length === holders.length) ? 'stale' : missing.length ? 'partial' : 'live',
        detail: missing.length && missing.length < holders.length ? t('part.without', { names: missing.join(', ') }) : '',
      };
    }
    decorate(view, site);
    if (hasGrid) {
      const dead = site.grid_presence === 'dead';
      const made_W = followers().map(c => said(s, c.name)?.bus?.active_W);
      const grid_W = site.grid_W ?? (made_W.length && made_W.every(isKnown) ? -made_W.reduce((a, b) => a + b, 0) : null);
      const silent = pcc && pccSaid?.link !== 'connected';
      view.parts.grid = {
        power_W: grid_W, state: silent ? 'stale' : dead ? 'dead' : 'live',
        label: sense('grid', dead ? 0 : grid_W), figure: dead ? t('grid.dead') : undefined,
        detail: silent ? silence(pccSaid, pcc.name) : dead ? '' : isKnown(site.grid_frequency_Hz) ? `${volts(site.grid_voltage_V, 0)} · ${hertz(site.grid_frequency_Hz)}`
          : site.grid_presence === 'doubtful' ? t('grid.doubtful') : '',
      };
    }
    const lone = list.length === 1 && said(s, list[0].name);
    const f = { ...site, voltage_V: site.voltage_V ?? (lone ? lone.dc_bus_V : null) };
    return { view, parts, grid: hasGrid && { hasContactor: Boolean(pcc) }, f };
  }

  function viewOfOwn(s) {
    const c = said(s, name) ?? {};
    const parts = fitted([controller], c);
    const view = { parts: {}, charge: c.state_of_charge, reserve: controller.reserve, bus: situationWords(s.site, s).at, stale: c.link !== 'connected' };
    for (const part of parts) view.parts[part] = { power_W: c[`${part}_W`], state: isKnown(c[`${part}_W`]) ? 'live' : 'stale' };
    const isDER = controller.kind === 'der';
    const outside = isDER ? (isKnown(c.bus?.active_W) ? -c.bus.active_W : null) : exchange(c, parts);
    const alone = controller.kind === 'nanogrid' && !c.grid;
    const f = { ...c, frequency_Hz: c.bus?.frequency_Hz, voltage_V: c.bus?.voltage_V ?? c.dc_bus_V, isDC: controller.kind === 'nanogrid' };
    decorate(view, f);
    const loads = c.loads ?? [];
    if (view.parts.load && loads.length) view.parts.load.detail = t('part.groups', { on: loads.filter(Boolean).length, all: loads.length });
    if (!alone) view.parts.grid = { label: sense(isDER ? 'grid' : 'village', outside), power_W: outside, state: isKnown(outside) ? 'live' : 'stale', detail: t('part.computed') };
    return { view, parts, grid: !alone && { isVillage: !isDER, hasContactor: false }, f, c };
  }

  function decorate(view, f) {
    const battery = view.parts.battery;
    if (battery) battery.detail ||= `${percent(f.state_of_charge)}${Math.abs(f.battery_W) < 5 ? '' : f.battery_W > 0 ? ` · ${t('battery.discharging')}` : f.battery_W < 0 ? ` · ${t('battery.charging')}` : ''}`;
  }

  /** Which way it flows, in words: colours and arrows are not for everybody. */
  const sense = (part, watts) => t(watts >= 5 ? `part.${part}.in` : watts <= -5 ? `part.${part}.out` : `part.${part}`);

  function contactorAt(site, silent) {
    if (silent) return 'unknown';
    return { tied: 'closed', island: 'open', moving: 'moving', fault: 'fault', unknown: 'unknown' }[situation(site)];
  }

  function show(s) {
    const { view, parts, grid, f, c } = own ? viewOfOwn(s) : viewOfSite(s);
    if (state.broken) view.stale = true;
    if (view.stale && !own) view.contactor = 'unknown';
    const isWide = room.clientWidth >= 600;
    const key = JSON.stringify([[...parts].sort(), grid, isWide]);
    if (key !== drawnFor) {
      drawn = picture(parts, grid, isWide, own ? controller.name : state.site.title ?? '');
      room.replaceChildren(drawn.root);
      drawnFor = key;
    }
    view.describe = Date.now() - described > 5000;
    if (view.describe) described = Date.now();
    drawn.show(view);
    mark(node, 'data-time', s.time);
    mark(node, 'data-stale', view.stale ? 'yes' : null);

    const words = own ? { at: view.bus, head: silence(c, name) || controllerWords(c), tail: situationWords(s.site, s).head } : situationWords(s.site, s);
    const veiled = state.broken ? { at: 'unknown', head: t('situation.unknown'), tail: t('situation.last', { words: words.head }) } : words;
    mark(hero, 'data-at', view.stale ? 'unknown' : veiled.at);
    put(big, veiled.head);
    put(small, veiled.tail);
    showFacts(f, parts, view);
    showAlarms(s);
    showCommands(s);
  }

  function showFacts(f, parts, view) {
    const rated = state.site;
    const off = (x, nominal) => isKnown(x) && isKnown(nominal) ? x - nominal : null;
    const [df, dv] = [off(f.frequency_Hz, rated.frequency_Hz), off(f.voltage_V, rated.voltage_V)];
    facts.frequency.node.hidden = isDirect() || Boolean(f.isDC) || (!isKnown(f.frequency_Hz) && !isKnown(rated.frequency_Hz));
    facts.frequency.show(hertz(f.frequency_Hz), isKnown(df) ? t('fact.from', { by: `${number(df, 2, true)}\u00a0Hz`, nominal: hertz(rated.frequency_Hz, 0) }) : t('fact.unknown'));
    hertzGauge.show(view.stale ? null : df);
    // A DC bus on an AC site has another nominal voltage, which is not told.
    const compares = isKnown(f.voltage_V) && isKnown(rated.voltage_V) && (!f.isDC || isDirect());
    facts.voltage.show(volts(f.voltage_V), compares ? t('fact.from', { by: `${number(dv, 1, true)}\u00a0V`, nominal: volts(rated.voltage_V, 0) }) : isKnown(f.voltage_V) ? t('fact.dc') : t('fact.unknown'));
    voltGauge.show(compares && !view.stale ? dv / rated.voltage_V : null);
    voltGauge.root.hidden = !compares;
    facts.charge.node.hidden = !parts.has('battery');
    const lasts = isKnown(f.battery_lasts_s) ? t('battery.lasts', { time: duration(f.battery_lasts_s) })
      : isKnown(f.battery_full_in_s) ? t('battery.full', { time: duration(f.battery_full_in_s) })
      : f.battery_W < -5 ? t('battery.charging') : f.battery_W > 5 ? t('battery.discharging') : isKnown(f.battery_W) ? t('battery.rests') : t('fact.unknown');
    facts.charge.show(percent(f.state_of_charge), lasts);
    const made = ['pv', 'wind'].filter(p => parts.has(p)).map(p => f[`${p}_W`]);
    facts.balance.node.hidden = made.length === 0;
    const sum = made.length && made.every(isKnown) ? made.reduce((a, b) => a + b, 0) : null;
    const used = isKnown(f.load_W) ? -(f.load_W + (f.ev_W ?? 0)) : null;
    facts.balance.show(power(sum), parts.has('load') ? t('fact.used', { power: power(used) }) : '');
    for (const each of Object.values(facts)) mark(each.node, 'data-stale', view.stale ? 'yes' : null);
  }

  function showAlarms(s) {
    const found = alarms(s, own ? name : null);
    const key = JSON.stringify(found);
    if (key === alarmsFor) return;
    alarmsFor = key;
    list.hidden = found.length === 0;
    list.replaceChildren(...found.map(a => el('li', { class: a.level }, el('strong', {}, t(`level.${a.level}`)), ' ', a.words)));
  }

  function showCommands(s) {
    commands ??= controls(own ? name : null);
    const key = commands.key(s);
    if (key === commandsFor) return;
    commandsFor = key;
    commandRoom.replaceChildren(...commands.draw(s));
  }
  return { node, show };
}
