// The site, the newest snapshot, and what can be said of them together.
import { t, phrase, coded, has, language } from './words.js';
import { duration, isKnown } from './units.js';

export const state = { site: { controllers: [] }, snapshot: null, broken: false };

export const entry = name => state.site.controllers.find(c => c.name === name);
export const said = (snapshot, name) => (snapshot?.controllers ?? []).find(c => c?.name === name);
export const coupling = () => state.site.controllers.find(c => c.kind === 'coupling');

/** "no word from mill since 12 s", or nothing when it speaks. */
export function silence(c, name = c?.name) {
  if (c && c.link === 'connected') return '';
  if (!c || !isKnown(c.age_s)) return t('link.never', { name });
  return t('link.silent', { name, age: duration(c.age_s) });
}

/** What kinds of source and load there are: by what is fitted, and by what is measured. */
export function fitted(list, figures) {
  const parts = new Set();
  for (const c of list) {
    for (const part of c.has ?? []) parts.add(part);
    if (c.kind === 'home' || c.kind === 'nanogrid') parts.add('load');
  }
  for (const part of ['pv', 'wind', 'battery', 'ev', 'load']) if (isKnown(figures[`${part}_W`])) parts.add(part);
  return parts;
}

/** A site of direct current alone has no frequency. */
export const isDirect = () => state.site.controllers.length > 0 && state.site.controllers.every(c => c.kind === 'nanogrid');

/** What a controller exchanges with its neighbours: what is left of all that it measures. */
export function exchange(c, parts) {
  const powers = [...parts].map(p => c[`${p}_W`]);
  return powers.every(isKnown) && powers.length > 0 ? -powers.reduce((a, b) => a + b, 0) : null;
}

/** Islanding as a word of: tied, island, moving, fault, unknown. */
export function situation(site) {
  const code = site?.islanding;
  if (code === 'fault') return 'fault';
  if (code === 'opening' || code === 'closing') return 'moving';
  if (code === 'gridTied') return 'tied';
  if (code) return 'island';
  return site?.is_islanded === true ? 'island' : site?.is_islanded === false ? 'tied' : 'unknown';
}

/** Inverters that follow a grid, on a site without an islanding switch. */
export const followers = () => coupling() ? [] : state.site.controllers.filter(c => c.kind === 'der');

/** Big words: "Connected to the grid", and the sentence under them. */
export function situationWords(site, snapshot = state.snapshot) {
  const at = situation(site);
  if (at === 'unknown' && followers().length) return followerWords(said(snapshot, followers()[0].name));
  const noGrid = !coupling() && at === 'unknown';
  const head = noGrid ? t('situation.alone') : t(`situation.${at}`);
  if (noGrid) return { at: 'alone', head, tail: '' };
  let tail = isKnown(site?.in_state_s) ? t('since', { time: duration(site.in_state_s) }) : '';
  const words = site?.islanding_words ?? '';
  const why = words.includes(': ') ? phrase(words.slice(words.indexOf(': ') + 2)) : '';
  const code = site?.islanding && has(`islanding.${site.islanding}`) ? t(`islanding.${site.islanding}`) : phrase(words);
  const plain = at === 'tied' && site?.islanding === 'gridTied';
  tail = [plain ? '' : code, why, tail].filter(Boolean).join(' · ');
  return { at, head, tail };
}

/** A site that follows: its inverter's state is the site's. */
function followerWords(c) {
  const code = c?.link === 'connected' ? c.der?.code : undefined;
  if (!code) return { at: 'unknown', head: t('situation.unknown'), tail: '' };
  const words = coded('der', code, c.der.words);
  const at = code === 'continuous' ? 'tied' : ['tripped', 'outOfService'].includes(code) ? 'fault' : 'moving';
  const why = (c.der.words ?? '').split(': ').slice(1).join(': ');
  return { at, head: words.charAt(0).toUpperCase() + words.slice(1), tail: phrase(why) };
}

/** An alarm in words: the hub's in English, else the code's with the hub's detail. */
export function alarmWords(a) {
  const words = a.words ?? '';
  if (language === 'en' && words) return words;
  if (!has(`alarm.${a.code}`)) return phrase(words || a.code || '');
  const cut = words.indexOf(': ');
  return t(`alarm.${a.code}`, { name: a.controller }) + (cut < 0 ? '' : `: ${phrase(words.slice(cut + 2))}`);
}

/** Alarms first, then warnings, then controllers that are not heard and that no alarm speaks of. */
export function alarms(snapshot, only = null) {
  const given = (snapshot?.site?.alarms ?? []).filter(a => a && (!only || a.controller === only));
  const list = given.map(a => ({ controller: a.controller, level: a.level === 'alarm' ? 'alarm' : 'warning', code: a.code, words: alarmWords(a) }));
  const mute = [];
  for (const c of state.site.controllers) {
    if (only && c.name !== only) continue;
    const words = silence(said(snapshot, c.name), c.name);
    const told = list.find(a => a.controller === c.name && ['absent', 'silent'].includes(a.code));
    if (words && told) told.words = words;
    else if (words) mute.push({ controller: c.name, level: 'warning', code: 'silent', words });
  }
  if (mute.length > 3) list.push({ ...mute[0], words: t('link.many', { names: mute.map(a => a.controller).join(', ') }) });
  else list.push(...mute);
  return list.sort((a, b) => (a.level === 'alarm' ? 0 : 1) - (b.level === 'alarm' ? 0 : 1));
}

/** A controller's state in words, the strongest that it has. */
export function controllerWords(c) {
  if (!c || c.link === 'absent') return t('link.absent');
  const one = c.kind === 'coupling' ? c.islanding && coded('islanding', c.islanding.code, c.islanding.words)
    : c.der ? coded('der', c.der.code, c.der.words)
    : c.source ? coded('source', c.source.code, c.source.words)
    : c.contactor ? `${t('battery.contactor')}: ${coded('contactor', c.contactor.code, c.contactor.words)}` : '';
  return one || t('state.none');
}
