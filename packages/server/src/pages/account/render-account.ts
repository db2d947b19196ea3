import { type Html, html, htmlAttributes } from '../../platform/http/index.ts';
import { type Notice, type PageUser, renderForm, renderNotice, renderProblem } from '../frame/index.ts';
import type { Account } from './read-account.ts';
import { renderPasskeys } from './render-passkeys.ts';
import { renderSessions } from './render-sessions.ts';

function noticeSentence({ messages }: PageUser, notice: Notice): string | null {
  const texts = messages.accountPage;
  const sentences: Partial<Record<Notice, string>> = {
    passkey_added: texts.passkeyAdded,
    passkey_renamed: texts.passkeyRenamed,
    passkey_removed: texts.passkeyRemoved,
    name_saved: texts.nameSaved,
    signed_out_there: texts.sessionsEnded,
  };
  return sentences[notice] ?? null;
}

function renderProfile(caller: PageUser, account: Account, refused: { name: string; problem: string } | null): Html {
  const texts = caller.messages.accountPage;
  const field = htmlAttributes({
    name: 'display_name',
    autocomplete: 'name',
    value: refused?.name ?? account.user.displayName ?? '',
    'aria-describedby': refused ? 'problem' : 'name-hint',
    'aria-invalid': refused !== null && 'true',
    autofocus: refused !== null,
  });
  const body = html`<label>${texts.name}<input${field}></label>
<p class="soft small" id="name-hint">${texts.nameHint}</p><div><button class="plain">${texts.save}</button></div>`;
  return html`<section class="card" aria-labelledby="profile"><h2 id="profile">${texts.profile}</h2>
${refused && renderProblem(refused.problem)}
${renderForm({ action: '/account/name', token: caller.token, body, className: 'tight' })}</section>`;
}

/** The body of the account page. */
export function renderAccount(
  caller: PageUser,
  account: Account,
  refused: { name: string; problem: string } | null = null,
): Html {
  const texts = caller.messages.accountPage;
  const { notice } = caller.flow;
  const sentence = notice && noticeSentence(caller, notice);
  const chip = account.user.emailVerifiedAt !== null && html` <span class="chip">${texts.verified}</span>`;
  const out = html`<button class="plain">${texts.signOut}</button>`;
  return html`<div class="between head"><div><h1>${texts.title}</h1>
<p class="soft small break">${account.user.email}${chip}</p></div>
${renderForm({ action: '/logout', token: caller.token, body: out, className: 'inline' })}</div>
${sentence && renderNotice(sentence)}
${renderPasskeys(caller, account)}${renderSessions(caller, account)}${renderProfile(caller, account, refused)}`;
}
