// The page: its frame, its routes, and the stream that feeds the view on show.
import { el, put, mark } from './dom.js';
import { icon } from './icons.js';
import { t, speak, wishedLanguage, chooseLanguage, languages, language } from './words.js';
import { recall, remember } from './prefs.js';
import { duration, useZone, clock } from './units.js';
import { askSite, recallSession, session } from './api.js';
import { state, situationWords, alarms } from './state.js';
import { follow } from './stream.js';
import { nowView } from './now.js';
import { villageView } from './village.js';
import { historyView } from './history.js';
import { eventsView } from './events.js';
import { engineerView } from './engineer.js';
import { signInView } from './signin.js';

const at = id => document.getElementById(id);
const views = { now: nowView, village: villageView, history: historyView, events: eventsView, engineer: engineerView, 'sign-in': signInView };
let view = null, told = null, sawSite = false;

function route() {
  const [name, rest] = location.hash.slice(1).split('/');
  let detail = null;
  try { detail = rest ? decodeURIComponent(rest) : null; } catch { /* not a name */ }
  return { name: name in views ? name : 'now', detail };
}

function enter(focus) {
  const { name, detail } = route();
  view?.leave?.();
  view = sawSite ? views[name](detail) : { node: el('p', { class: 'card', role: 'status' }, t('loading')) };
  at('main').replaceChildren(view.node);
  mark(at('main'), 'data-view', name);
  document.title = `${t(name === 'sign-in' ? 'account.sign_in' : `nav.${name}`)} · ${state.site.title ?? 'Skerry'}`;
  for (const link of at('views').children) mark(link, 'aria-current', link.dataset.view === name ? 'page' : null);
  if (state.snapshot) view.show?.(state.snapshot);
  if (focus) { at('main').focus({ preventScroll: true }); scrollTo(0, 0); }
}

/** Everything in the frame that has words. */
function frame() {
  put(at('skip'), t('skip'));
  put(at('title'), state.site.title ?? 'Skerry');
  const many = state.site.controllers.length > 1;
  mark(at('views'), 'aria-label', t('nav'));
  at('views').replaceChildren(...['now', many ? 'village' : null, 'history', 'events', 'engineer'].filter(Boolean).map(name =>
    el('a', { href: `#${name}`, 'data-view': name }, icon(name), el('span', {}, t(`nav.${name}`)))));
  pick('language', t('language'), Object.entries(languages), language, async code => {
    chooseLanguage(code);
    await speak(code).catch(() => {});
    frame();
    enter(false);
  });
  pick('theme', t('theme'), ['auto', 'light', 'dark'].map(v => [v, t(`theme.${v}`)]), recall('theme') ?? 'auto', wish => {
    remember('theme', wish === 'auto' ? null : wish);
    document.dispatchEvent(new Event('skerry-theme'));
  });
  account();
  put(at('foot'), `Skerry ${state.site.version ?? ''}${state.site.timezone ? ` · ${t('foot.zone', { zone: state.site.timezone })}` : ''}`);
}

function pick(id, label, pairs, value, chosen) {
  const select = at(id);
  mark(select, 'aria-label', label);
  select.replaceChildren(...pairs.map(([v, words]) => el('option', { value: v }, words)));
  select.value = value;
  select.onchange = () => chosen(select.value);
}

function account() {
  put(at('account'), session.user ?? t('account.sign_in'));
  mark(at('account'), 'aria-label', session.user ? t('account.is', { user: session.user, role: t(`role.${session.role}`) }) : null);
  at('account').hidden = !session.user && !session.may_sign_in;
}

function onSnapshot(snapshot) {
  if (!snapshot || typeof snapshot !== 'object') return;
  state.snapshot = snapshot;
  state.broken = false;
  announce(snapshot);
  showPill();
  if (!sawSite) return;
  try { view?.show?.(snapshot); } catch (error) { console.error(error); }
}

function showPill() {
  const site = state.snapshot?.site;
  const pill = at('pill');
  pill.hidden = !state.snapshot;
  mark(pill, 'data-at', state.broken ? 'unknown' : situationWords(site).at);
  put(pill, state.broken ? t('situation.unknown') : situationWords(site).head);
}

/** Screen readers hear of changes, not of figures. */
function announce(snapshot) {
  const { head } = situationWords(snapshot.site);
  const found = alarms(snapshot).filter(a => a.level === 'alarm').map(a => a.words);
  const now = { head, presence: snapshot.site?.grid_presence ?? null, alarms: found };
  if (told) {
    const news = [];
    if (told.head !== now.head) news.push(head);
    if (told.presence !== now.presence && now.presence) news.push(t(`presence.said.${now.presence}`));
    if (news.length) put(at('polite'), news.join('. '));
    const fresh = found.filter(words => !told.alarms.includes(words));
    if (fresh.length) put(at('urgent'), fresh.join('. '));
  }
  told = now;
}

function onState({ broken, first, since_ms, again_ms }) {
  const changed = state.broken !== broken;
  state.broken = broken;
  at('broken').hidden = !broken;
  if (broken) {
    const next = again_ms === null ? t('stream.trying') : t('stream.again', { time: duration(Math.ceil(again_ms / 1000)) });
    // An alert that changes each second would be read each second: the count is not part of it.
    if (!at('broken').firstChild) at('broken').append(el('strong'), ' ', el('span', { 'aria-live': 'off' }));
    put(at('broken').firstChild, t(first ? 'stream.never' : 'stream.broken'));
    put(at('broken').lastChild, first ? next : `${t('stream.since', { time: duration(since_ms / 1000) })} ${next}`);
  }
  put(at('stream'), broken ? t('stream.off') : state.snapshot ? clock(state.snapshot.time) : '…');
  mark(at('stream'), 'data-broken', broken ? 'yes' : null);
  if (!changed) return;
  showPill();
  if (state.snapshot && sawSite) view?.show?.(state.snapshot);
}

async function learnSite() {
  for (let wait = 1000; !sawSite; wait = Math.min(2 * wait, 10000)) {
    try {
      const site = await askSite();
      state.site = { ...site, controllers: (site.controllers ?? []).filter(c => c?.name) };
      useZone(state.site.timezone);
      sawSite = true;
    } catch { await new Promise(done => setTimeout(done, wait)); }
  }
  frame();
  enter(false);
}

await speak(wishedLanguage()).catch(() => speak('en'));
frame();
enter(false);
addEventListener('hashchange', () => enter(true));
document.addEventListener('skerry-session', () => { account(); enter(false); });
follow(onSnapshot, onState);
await recallSession();
account();
await learnSite();
