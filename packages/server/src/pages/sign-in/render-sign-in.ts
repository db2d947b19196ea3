import { type Html, html, htmlAttributes } from '../../platform/http/index.ts';
import { fillText, icons, type PageCaller, renderForm, renderProblem } from '../frame/index.ts';

export interface SignInParts {
  mark: Html;
  brandName: string;
  /** As typed, or as known from before. */
  email: string;
  again: boolean;
  /** Ways to sign in that are open. */
  offers: { code: boolean; passkey: boolean };
  problem: string | null;
}

/** The script shows the button where the browser has passkeys; without it the page is complete as it stands. */
function renderPasskey({ messages, token }: PageCaller): Html {
  const { or, passkey, passkeyFailed } = messages.signInPage;
  return html`<div data-passkey-sign-in data-token="${token}" data-failed="${passkeyFailed}" hidden>
<div class="or">${or}</div><div class="problem" role="alert" hidden>${icons.problem}<span></span></div>
<button type="button" class="plain whole">${icons.passkey}${passkey}</button></div>`;
}

/** The card that asks for the address. */
export function renderSignIn(caller: PageCaller, parts: SignInParts): Html {
  const texts = caller.messages.signInPage;
  const field = htmlAttributes({
    name: 'email',
    type: 'email',
    autocomplete: 'username webauthn',
    required: true,
    maxlength: 254,
    placeholder: 'you@example.com',
    value: parts.email || null,
    'aria-invalid': parts.problem !== null && 'true',
    'aria-describedby': parts.problem !== null && 'problem',
    autofocus: true,
  });
  const body = html`<label>${texts.email}<input${field}></label><button class="primary" id="login-submit">${texts.send}</button>`;
  return html`<section class="card">${parts.mark}
<h1>${parts.again ? texts.againHeading : fillText(texts.heading, { brand: parts.brandName })}</h1>
<p class="soft small">${parts.again ? texts.againIntro : texts.intro}</p>${parts.problem && renderProblem(parts.problem)}
${parts.offers.code && renderForm({ action: '/login', token: caller.token, body })}${parts.offers.passkey && renderPasskey(caller)}</section>
${!parts.again && html`<p class="soft small aside">${texts.newHere}</p>`}`;
}
