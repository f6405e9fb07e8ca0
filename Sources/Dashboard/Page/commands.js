// What may be asked of the site, by whom, and the dialog that says what will happen first.
import { el, field, choice, put } from './dom.js';
import { t, phrase } from './words.js';
import { command, mayDo, session } from './api.js';
import { state, entry, coupling, situation, alarms } from './state.js';
import { percent, number } from './units.js';

/** Asks, sends, and shows the answer. `effect` says what will happen physically. */
export function confirm({ title, effect, wish }) {
  const answer = el('p', { class: 'answer', role: 'status' });
  const go = el('button', { type: 'button', class: 'primary', id: 'confirm' }, title);
  const back = el('button', { type: 'button', id: 'dismiss' }, t('dialog.cancel'));
  const dialog = el('dialog', { 'aria-labelledby': 'dialog-head', 'aria-describedby': 'dialog-text' },
    el('h2', { id: 'dialog-head' }, `${title}: ${wish.controller}`),
    el('p', { id: 'dialog-text' }, effect), answer, el('div', { class: 'row' }, back, go));
  back.addEventListener('click', () => { dialog.close(); dialog.remove(); });
  go.addEventListener('click', async () => {
    go.disabled = true;
    put(answer, t('dialog.sending'));
    try {
      const reply = await command(wish);
      answer.dataset.accepted = 'yes';
      put(answer, `${t('dialog.accepted')} ${phrase(reply.words)}`);
      document.dispatchEvent(new Event('skerry-command'));
    } catch (refusal) {
      answer.dataset.accepted = 'no';
      put(answer, `${t('dialog.refused')} ${phrase(refusal.message)}`);
    }
    go.hidden = true;
    put(back, t('dialog.close'));
    back.focus();
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  back.focus();
}

const button = (key, id, isOff, onclick) =>
  el('button', { type: 'button', id: `do-${id}`, disabled: isOff, onclick }, t(key));

function reserveField(names) {
  let at = names[0];
  const reading = el('output', {});
  const slider = el('input', { type: 'range', min: 0, max: 100, step: 5, id: 'reserve' });
  const take = () => { slider.value = String(Math.round(100 * (entry(at)?.reserve ?? 0.2))); tell(); };
  const tell = () => { put(reading, percent(slider.value / 100)); slider.setAttribute('aria-valuetext', percent(slider.value / 100)); };
  slider.addEventListener('input', tell);
  take();
  const which = names.length > 1 ? field(t('command.home'), choice(names.map(n => [n, n]), at, n => { at = n; take(); })) : null;
  return el('div', { class: 'row reserve' }, which,
    el('div', { class: 'field' }, el('label', { for: 'reserve' }, t('command.reserve')), el('span', { class: 'row' }, slider, reading)),
    button('command.set', 'reserve', false, () => confirm({
      title: t('command.reserve'), effect: t('effect.reserve', { percent: percent(slider.value / 100), name: at }),
      wish: { controller: at, command: 'reserve', state_of_charge: slider.value / 100 },
    })));
}

/** The commands of the site, or of one home; nothing for who may not give them. */
export function controls(only) {
  return {
    key: s => JSON.stringify([session.user, session.role, situation(s.site), s.site?.grid_presence, alarms(s, only).map(a => a.controller)]),
    draw(s) {
      if (!mayDo('operator')) return [];
      const pcc = coupling(), at = situation(s.site);
      const rows = [];
      if (pcc && (!only || only === pcc.name)) {
        rows.push(button('command.island', 'island', at !== 'tied', () => confirm({
          title: t('command.island'), effect: t('effect.island'), wish: { controller: pcc.name, command: 'island' },
        })), button('command.reconnect', 'reconnect', at !== 'island', () => confirm({
          title: t('command.reconnect'), effect: t('effect.reconnect'), wish: { controller: pcc.name, command: 'reconnect' },
        })));
      }
      // Silence cannot be acknowledged: nobody would hear it.
      const faulty = [...new Set(alarms(s, only).filter(a => !['silent', 'absent'].includes(a.code)).map(a => a.controller))].filter(n => entry(n));
      for (const name of faulty.length ? faulty : only ? [only] : []) {
        rows.push(el('button', { type: 'button', class: 'acknowledge', onclick: () => confirm({
          title: t('command.acknowledge'), effect: t('effect.acknowledge', { name }), wish: { controller: name, command: 'acknowledge' },
        }) }, `${t('command.acknowledge')}: ${name}`));
      }
      const batteries = state.site.controllers.filter(c => c.has?.includes('battery') && (!only || c.name === only)).map(c => c.name);
      return [el('section', { class: 'card', 'aria-labelledby': 'commands-head' },
        el('h2', { id: 'commands-head' }, t('command.head')),
        el('div', { class: 'row' }, rows), batteries.length ? reserveField(batteries) : null)];
    },
  };
}

/** Active and reactive power for a time: engineers only. */
export function setpoints(name) {
  if (!mayDo('engineer')) return null;
  const box = (key, value) => el('input', { type: 'number', id: `set-${key}`, required: true, step: 'any', value });
  const active = box('active', 0), reactive = box('reactive', 0), time = box('time', 60);
  time.min = 1;
  return el('form', { class: 'card', id: 'setpoints', onsubmit: event => {
    event.preventDefault();
    const wish = { controller: name, command: 'setpoints', active_W: active.valueAsNumber, reactive_var: reactive.valueAsNumber, for_s: time.valueAsNumber };
    confirm({ title: t('command.setpoints'), wish, effect: t('effect.setpoints', { name, active: `${number(wish.active_W, 0, true)} W`, reactive: `${number(wish.reactive_var, 0, true)} var`, time: `${number(wish.for_s)} s` }) });
  } }, el('h3', {}, t('command.setpoints')), el('div', { class: 'row' },
    field(t('set.active'), active), field(t('set.reactive'), reactive), field(t('set.time'), time),
    el('button', { type: 'submit', id: 'do-setpoints' }, t('command.set'))));
}
