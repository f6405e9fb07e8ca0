// Phasors of the bus, and the angle across the open switch.
import { svg, put, mark, freshID } from './dom.js';
import { t } from './words.js';
import { volts, amperes, degrees, hertz, isKnown } from './units.js';

const names = ['L1', 'L2', 'L3'];

function face(title, extra) {
  const [titleID, descID] = [freshID('title'), freshID('desc')];
  const desc = svg('desc', { id: descID });
  const root = svg('svg', { class: 'dial', viewBox: '-120 -120 240 240', role: 'img', 'aria-labelledby': `${titleID} ${descID}` },
    svg('title', { id: titleID }, title), desc, svg('circle', { r: 90, class: 'rule' }), svg('circle', { r: 45, class: 'rule faint' }),
    svg('path', { d: 'M-100 0H100M0 -100V100', class: 'rule faint' }), extra);
  return { root, desc };
}

/** Angles count anticlockwise from the right, as phasors are drawn. */
const tip = (length, angle_deg) => {
  const a = angle_deg * Math.PI / 180;
  return [length * Math.cos(a), -length * Math.sin(a)];
};

const arrowhead = (length, angle) => {
  const [x, y] = tip(length, angle), [a, b] = [tip(length - 10, angle + 4), tip(length - 10, angle - 4)];
  return `M0 0L${x} ${y}M${a}L${x} ${y}L${b}`;
};

/**
 * Voltages are drawn at their nominal 0, −120 and +120 degrees, turned together by the angle against the
 * grid; the length is the measured RMS value. Currents lag their voltage by the angle of the whole power,
 * atan2(Q, P): there is one angle for all three.
 */
export function phasors() {
  const arrows = names.map((_, n) => svg('path', { class: `phasor voltage p${n + 1}` }));
  const currents = names.map((_, n) => svg('path', { class: `phasor current p${n + 1}` }));
  const labels = names.map(n => svg('text', { class: 'tick' }, n));
  const { root, desc } = face(t('engineer.phasors'), [currents, arrows, labels]);
  function show(bus, nominal_V) {
    const voltages = bus?.phases_V ?? [], flows = bus?.currents_A ?? [];
    const common = isKnown(bus?.phase_deg) ? bus.phase_deg : 0;
    const lag = Math.atan2(bus?.reactive_var ?? 0, bus?.active_W ?? 0) * 180 / Math.PI;
    const top = Math.max(nominal_V || 0, ...voltages.filter(isKnown)) || 1, most = Math.max(0.001, ...flows.filter(isKnown).map(Math.abs));
    const said = [];
    names.forEach((name, n) => {
      const angle = common + [0, -120, 120][n];
      const there = isKnown(voltages[n]) && voltages[n] > 0.01 * top;
      mark(arrows[n], 'd', there ? arrowhead(90 * voltages[n] / top, angle) : 'M0 0');
      const flows_here = isKnown(flows[n]) && flows[n] > 0.005 * most && there;
      mark(currents[n], 'd', flows_here ? arrowhead(60 * flows[n] / most, angle - lag) : 'M0 0');
      const [x, y] = tip(106, angle);
      mark(labels[n], 'x', x.toFixed(1));
      mark(labels[n], 'y', (y + 4).toFixed(1));
      mark(labels[n], 'visibility', there ? null : 'hidden');
      if (there) said.push(`${name}: ${volts(voltages[n])}, ${amperes(flows[n])}`);
    });
    put(desc, `${said.join('. ')}. ${t('engineer.angle')}: ${degrees(bus?.phase_deg)}`);
  }
  return { root, show };
}

/** The angle across the switch: twelve o'clock is in step; the needle is green while closing is permitted. */
export function synchroscope() {
  const needle = svg('path', { class: 'phasor needle' });
  const { root, desc } = face(t('engineer.sync'), [svg('path', { d: 'M0 -90V-106', class: 'top-mark' }), needle]);
  function show(sync) {
    mark(needle, 'd', isKnown(sync?.angle_deg) ? arrowhead(88, 90 - sync.angle_deg) : 'M0 0');
    mark(root, 'data-permit', sync?.permit ?? null);
    put(desc, sync ? `${degrees(sync.angle_deg)}, ${hertz(sync.slip_Hz, 3)}, ${volts(sync.voltage_V)}` : t('engineer.no_sync'));
  }
  return { root, show };
}
