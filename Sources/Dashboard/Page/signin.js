// Signing in and out.
import { el, field, put } from './dom.js';
import { t, phrase } from './words.js';
import { duration } from './units.js';
import { session, signIn, signOut } from './api.js';

export function signInView() {
  const answer = el('p', { class: 'answer', role: 'alert', id: 'sign-in-answer' });
  const head = el('h2', {}, t(session.user ? 'account.head' : 'account.sign_in'));
  const tell = refusal => put(answer, refusal.status === 401 ? t('account.wrong')
    : refusal.status === 429 ? t('account.later', { time: duration(refusal.retryAfter_s ?? 60) }) : phrase(refusal.message));
  if (session.user) {
    const out = el('button', { type: 'button', id: 'sign-out', onclick: () => signOut().catch(tell) }, t('account.sign_out'));
    return { node: el('section', { class: 'card narrow' }, head,
      el('p', {}, t('account.is', { user: session.user, role: t(`role.${session.role}`) })),
      el('p', {}, t(`role.may.${session.role}`)), answer, out) };
  }
  if (!session.may_sign_in) return { node: el('section', { class: 'card narrow' }, head, el('p', {}, t('account.nobody'))) };
  const user = el('input', { id: 'user', autocomplete: 'username', required: true, autocapitalize: 'none', spellcheck: 'false' });
  const password = el('input', { id: 'password', type: 'password', autocomplete: 'current-password', required: true });
  const go = el('button', { type: 'submit', class: 'primary', id: 'do-sign-in' }, t('account.sign_in'));
  const form = el('form', { onsubmit: async event => {
    event.preventDefault();
    go.disabled = true;
    put(answer, '');
    try {
      await signIn(user.value, password.value);
      location.hash = '#now';
    } catch (refusal) {
      tell(refusal);
      password.value = '';
      password.focus();
    }
    go.disabled = false;
  } }, field(t('account.user'), user), field(t('account.password'), password), answer, go);
  return { node: el('section', { class: 'card narrow' }, head, el('p', { class: 'note' }, t('account.why')), form) };
}
