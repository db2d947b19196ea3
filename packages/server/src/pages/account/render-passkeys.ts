import type { Passkey } from '../../identity/passkeys/index.ts';
import { type Html, html } from '../../platform/http/index.ts';
import { describeAgo, describeDate, fillText, icons, type PageUser } from '../frame/index.ts';
import type { Account } from './read-account.ts';
import { renderNotRecent } from './render-not-recent.ts';

function renderPasskey(caller: PageUser, account: Account, passkey: Passkey): Html {
  const texts = caller.messages.accountPage;
  const { language } = caller.messages;
  const { id, name, createdAt, lastUsedAt } = passkey;
  const added = fillText(texts.added, { date: describeDate(createdAt, language) });
  const when = lastUsedAt === null ? null : describeAgo(lastUsedAt, account.now, language);
  const used = when === null ? texts.neverUsed : fillText(texts.lastUsed, { when });
  const link = (action: 'rename' | 'remove', texts: { label: string; of: string }) =>
    html`<a class="button quiet${action === 'remove' && ' danger'}" href="/account/passkeys/${id}/${action}" aria-label="${fillText(texts.of, { name })}">${texts.label}</a>`;
  const rename = link('rename', { label: texts.rename, of: texts.renameOf });
  const remove = account.isRecent && link('remove', { label: texts.remove, of: texts.removeOf });
  return html`<li>${icons.passkey}<div>${name}<div class="soft small">${added} · ${used}</div></div>
<span class="row-actions">${rename}${remove}</span></li>`;
}

/** Only a script can speak with the device; it shows the button where there are passkeys. */
function renderAdd({ messages, token }: PageUser): Html {
  const { addPasskey, addFailed, addDuplicate } = messages.accountPage;
  return html`<button type="button" class="quiet" data-add-passkey data-token="${token}" data-failed="${addFailed}" data-duplicate="${addDuplicate}" hidden>${addPasskey}</button>`;
}

/** The card of passkeys. */
export function renderPasskeys(caller: PageUser, account: Account): Html {
  const texts = caller.messages.accountPage;
  const rows = account.passkeys.map((passkey) => renderPasskey(caller, account, passkey));
  return html`<section class="card" aria-labelledby="passkeys"><div class="between"><h2 id="passkeys">${texts.passkeys}</h2>${account.isRecent && renderAdd(caller)}</div>
<p class="soft small">${texts.passkeysIntro}</p>
<div class="problem" role="alert" data-passkey-problem hidden>${icons.problem}<span></span></div>
${account.isRecent ? html`<noscript><p class="soft small hint">${texts.addNeedsScript}</p></noscript>` : html`<p class="small hint">${renderNotRecent(caller)}</p>`}
${rows.length > 0 ? html`<ul class="rows">${rows}</ul>` : html`<p class="small empty">${texts.noPasskeys}</p>`}</section>`;
}
