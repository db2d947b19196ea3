import type { Passkey } from '../../identity/passkeys/index.ts';
import { type Html, html, htmlAttributes } from '../../platform/http/index.ts';
import { fillText, type PageUser, renderForm, renderProblem } from '../frame/index.ts';
import { renderNotRecent } from './render-not-recent.ts';

/** The page that gives a passkey another name. */
export function renderRename(caller: PageUser, passkey: Passkey, refused: string | null): Html {
  const texts = caller.messages.passkeyPages;
  const field = htmlAttributes({
    name: 'name',
    required: true,
    maxlength: 80,
    autocomplete: 'off',
    value: refused ?? passkey.name,
    'aria-describedby': refused === null ? 'name-hint' : 'problem',
    'aria-invalid': refused !== null && 'true',
    autofocus: true,
  });
  const body = html`<label>${texts.name}<input${field}></label><p class="soft small" id="name-hint">${texts.nameHint}</p>
<button class="primary">${texts.save}</button><a class="button plain" href="/account">${texts.back}</a>`;
  return html`<section class="card"><h1>${texts.renameTitle}</h1>${refused !== null && renderProblem(texts.badName)}
${renderForm({ action: `/account/passkeys/${passkey.id}/rename`, token: caller.token, body })}</section>`;
}

/** The page that asks before a passkey is removed. */
export function renderRemove(caller: PageUser, passkey: Passkey, isRecent: boolean): Html {
  const texts = caller.messages.passkeyPages;
  const back = html`<a class="button plain" href="/account">${texts.back}</a>`;
  const body = html`<button class="primary danger">${texts.remove}</button>${back}`;
  const form = { action: `/account/passkeys/${passkey.id}/remove`, token: caller.token, body };
  const heading = fillText(texts.removeHeading, { name: passkey.name });
  return html`<section class="card"><h1 class="break">${heading}</h1><p class="soft">${texts.removeText}</p>
${isRecent ? renderForm(form) : html`<p class="hint">${renderNotRecent(caller)}</p><p class="actions">${back}</p>`}</section>`;
}
