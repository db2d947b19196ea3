import type { LiveSession } from '../../identity/sessions/index.ts';
import { type Html, html } from '../../platform/http/index.ts';
import { describeAgo, fillText, icons, type PageUser, renderForm } from '../frame/index.ts';
import type { Account } from './read-account.ts';

const ACTIVE_MS = 120_000;

function methodOf(session: LiveSession, caller: PageUser): string {
  const { byCode, byPasskey } = caller.messages.accountPage;
  return session.amr.includes('otp') ? byCode : byPasskey;
}

function whenOf(session: LiveSession, account: Account, caller: PageUser): string {
  const isActive = session.id === account.currentId || account.now - session.lastUsedAt < ACTIVE_MS;
  const { messages } = caller;
  return isActive ? messages.accountPage.activeNow : describeAgo(session.lastUsedAt, account.now, messages.language);
}

function renderSession(caller: PageUser, account: Account, session: LiveSession): Html {
  const texts = caller.messages.accountPage;
  const isCurrent = session.id === account.currentId;
  const device = session.device === 'Unknown device' ? texts.unknownDevice : session.device;
  const icon = /android|ios/i.test(session.device) ? icons.phone : icons.computer;
  const label = fillText(texts.endSessionOf, { name: device });
  const end = html`<button class="quiet danger" aria-label="${label}">${texts.endSession}</button>`;
  const action = `/account/sessions/${session.id}/end`;
  return html`<li>${icon}<div>${device}${isCurrent && html` <span class="chip">${texts.thisDevice}</span>`}
<div class="soft small">${[session.ip, whenOf(session, account, caller), methodOf(session, caller)].join(' · ')}</div></div>
${!isCurrent && renderForm({ action, token: caller.token, body: end, className: 'inline' })}</li>`;
}

/** The card of places where the person is signed in. */
export function renderSessions(caller: PageUser, account: Account): Html {
  const texts = caller.messages.accountPage;
  const others = html`<button class="quiet danger">${texts.endOthers}</button>`;
  const end = { action: '/account/sessions/end-others', token: caller.token, body: others, className: 'inline' };
  return html`<section class="card" aria-labelledby="sessions"><div class="between"><h2 id="sessions">${texts.sessions}</h2>${account.sessions.length > 1 && renderForm(end)}</div>
<ul class="rows">${account.sessions.map((session) => renderSession(caller, account, session))}</ul></section>`;
}
