// What is asked of the hub, and who is signed in. Errors carry the hub's own words.
import { t } from './words.js';

const root = '/api/v1';

export class Refusal extends Error {
  constructor(status, words) { super(words); this.status = status; }
}

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(root + path, { credentials: 'same-origin', cache: 'no-store', ...options });
  } catch { throw new Refusal(0, t('error.unreachable')); }
  if (answer.status === 204) return null;
  const body = await answer.json().catch(() => null);
  if (!answer.ok) {
    const words = body?.error ?? body?.words ?? t('error.status', { status: answer.status });
    const refusal = new Refusal(answer.status, words);
    refusal.retryAfter_s = Number(answer.headers.get('Retry-After')) || null;
    throw refusal;
  }
  if (body === null) throw new Refusal(answer.status, t('error.unreadable'));
  return body;
}

const query = fields => '?' + new URLSearchParams(
  Object.entries(fields).filter(([, v]) => v !== null && v !== undefined && v !== ''));

export const askSite = () => ask('/site');
export const askHistory = (controller, from, to, step_s, figures, signal) => ask('/history' + query({
  controller, from: from.toISOString(), to: to.toISOString(), step_s, figures: figures.join(','),
}), { signal });
export const askSummary = (from, to, signal) =>
  ask('/summary' + query({ from: from.toISOString(), to: to.toISOString() }), { signal });
export const askEvents = fields => ask('/events' + query(fields));
export const askTurns = (controller, from, to, waves) =>
  ask('/turns' + query({ controller, from: from.toISOString(), to: to.toISOString(), waves: waves || null }));
export const askSettings = controller => ask('/settings' + query({ controller }));
export const askCommands = () => ask('/commands?limit=50');

/** The session: {user, role, csrf}, or {user: null, may_sign_in}. */
export let session = { user: null, may_sign_in: false };
const changed = () => document.dispatchEvent(new Event('skerry-session'));

export async function recallSession() {
  session = await ask('/session').catch(() => ({ user: null, may_sign_in: false }));
}

const sent = (method, body) => ({
  method,
  headers: { 'Content-Type': 'application/json', ...(session.csrf ? { 'X-CSRF-Token': session.csrf } : {}) },
  body: body === undefined ? undefined : JSON.stringify(body),
});

export async function signIn(user, password) {
  session = await ask('/session', sent('POST', { user, password }));
  changed();
}

export async function signOut() {
  await ask('/session', sent('DELETE'));
  await recallSession();
  changed();
}

export const command = wish => ask('/commands', sent('POST', wish));

const rank = { viewer: 0, operator: 1, engineer: 2 };
export const mayDo = role => session.user !== null && (rank[session.role] ?? -1) >= rank[role];
