import { type Html, html, htmlAttributes } from '../../platform/http/index.ts';
import { fillSentence, fillText, type PageCaller, renderForm, renderProblem } from '../frame/index.ts';

interface Parts {
  mark: Html;
  brandName: string;
  problem: string | null;
}

const describedBy = (problem: string | null) => ({
  'aria-invalid': problem !== null && 'true',
  'aria-describedby': problem !== null && 'problem',
});

/** The card that asks for a password of one's own. */
export function renderPassword(
  caller: PageCaller,
  { mark, brandName, problem, email }: Parts & { email: string },
): Html {
  const texts = caller.messages.invitationPage;
  const field = htmlAttributes({
    name: 'password',
    type: 'password',
    autocomplete: 'new-password',
    required: true,
    autofocus: true,
    ...describedBy(problem),
  });
  const who = htmlAttributes({ name: 'email', type: 'email', autocomplete: 'username', readonly: true, value: email });
  const body = html`<label>${texts.email}<input${who}></label><label>${texts.password}<input${field}></label>
<p class="soft small">${texts.passwordHint}</p><button class="primary">${texts.next}</button>`;
  return html`<section class="card">${mark}<h1>${fillText(texts.heading, { brand: brandName })}</h1>
<p class="soft small">${texts.intro}</p>${problem && renderProblem(problem)}
${renderForm({ action: '/admin/invitation', token: caller.token, body })}</section>`;
}

/** In groups of four, as one types them. */
const grouped = (secret: string) => (secret.match(/.{1,4}/g) ?? []).join(' ');

/** The card that shows the secret and asks for a first code. */
export function renderApp(
  caller: PageCaller,
  { mark, problem, qrCode, secret }: Omit<Parts, 'brandName'> & { qrCode: Html; secret: string },
): Html {
  const texts = caller.messages.invitationPage;
  const field = htmlAttributes({
    class: 'code',
    name: 'code',
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    required: true,
    maxlength: 12,
    autofocus: true,
    ...describedBy(problem),
  });
  const body = html`<label>${texts.code}<input${field}></label><button class="primary">${texts.finish}</button>`;
  const byHand = fillSentence(texts.byHand, { secret: html`<code>${grouped(secret)}</code>` });
  return html`<section class="card">${mark}<h1>${texts.appHeading}</h1><p class="soft small">${texts.appIntro}</p>
${qrCode}<p class="soft small">${byHand}</p>${problem && renderProblem(problem)}
${renderForm({ action: '/admin/invitation/app', token: caller.token, body })}</section>`;
}

/** The card for a link that leads nowhere any more, and the one at the end. */
export function renderOutcome(caller: PageCaller, mark: Html, outcome: 'gone' | 'done'): Html {
  const { goneHeading, goneText, doneHeading, doneText } = caller.messages.invitationPage;
  const [heading, text] = outcome === 'gone' ? [goneHeading, goneText] : [doneHeading, doneText];
  return html`<section class="card">${mark}<h1>${heading}</h1><p class="soft">${text}</p></section>`;
}
