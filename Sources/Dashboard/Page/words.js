// The words of the page, in the language that was chosen. What the hub says in English is looked up
// phrase by phrase; a phrase that nobody has translated stays as the hub said it.
import { recall, remember } from './prefs.js';

export const languages = { en: 'English', de: 'Deutsch', es: 'Español' };
let table = {};
export let language = 'en';

export function wishedLanguage() {
  const wishes = [recall('language'), ...(navigator.languages ?? [])].filter(Boolean);
  return wishes.map(w => w.slice(0, 2)).find(w => w in languages) ?? 'en';
}

export async function speak(code) {
  const answer = await fetch(`/lang/${code}.json`);
  if (!answer.ok) throw new Error(`/lang/${code}.json: ${answer.status}`);
  table = await answer.json();
  language = code;
  document.documentElement.lang = code;
}

export const chooseLanguage = code => remember('language', code);

export const has = key => key in table;

/** The words of a key, with {names} filled in. A key without words shows itself, in brackets. */
export function t(key, values = {}) {
  return (table[key] ?? `⟦${key}⟧`).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

/** The word of a code, or what the hub says in English. */
export function coded(room, code, words) {
  if (code && has(`${room}.${code}`)) return t(`${room}.${code}`);
  return phrase(words || code || '');
}

/** The hub's English words, as far as they are known. */
export function phrase(text) {
  if (!text) return '';
  const whole = table[`phrase.${text}`];
  if (whole) return whole;
  return text.split(/(: | \(|\)|, )/).map((piece, n) => {
    if (n % 2 === 1 || !piece) return piece;
    const known = table[`phrase.${piece}`];
    if (known) return known;
    const tripped = /^(.+) tripped$/.exec(piece);
    if (tripped && has('phrase.{name} tripped')) return t('phrase.{name} tripped', { name: tripped[1] });
    return piece;
  }).join('');
}
