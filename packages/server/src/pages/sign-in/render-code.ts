import { type Html, html, htmlAttributes } from '../../platform/http/index.ts';
import { fillSentence, type PageCaller, renderForm, renderNotice, renderProblem } from '../frame/index.ts';

export interface CodeParts {
  mark: Html;
  email: string;
  minutes: number;
  /** What was typed before, if it was refused. */
  typed: string;
  problem: Html | string | null;
  notice: string | null;
}

/** The sentence for a wrong code, with the way to a new one in it. */
export function wrongCode(caller: PageCaller, tries: number): Html {
  const texts = caller.messages.codePage;
  const sentence = tries > 1 ? texts.wrongMany : tries === 1 ? texts.wrongOne : texts.wrongNone;
  const again = html`<button form="send-again" class="link">${texts.again}</button>`;
  return fillSentence(sentence, { tries, again });
}

/** The card that asks for the code. */
export function renderCode(caller: PageCaller, parts: CodeParts): Html {
  const texts = caller.messages.codePage;
  const field = htmlAttributes({
    class: 'code',
    name: 'code',
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    required: true,
    maxlength: 12,
    value: parts.typed || null,
    'aria-invalid': parts.problem !== null && 'true',
    'aria-describedby': parts.problem !== null && 'problem',
    autofocus: true,
  });
  const sent = fillSentence(texts.sent, { email: html`<strong>${parts.email}</strong>`, minutes: parts.minutes });
  const body = html`<label>${texts.code}<input${field}></label><button class="primary">${texts.go}</button>`;
  const again = html`<button class="quiet">${texts.sendAgain}</button>`;
  return html`<section class="card">${parts.mark}<h1>${texts.heading}</h1>
<p class="soft small">${sent} <a href="/login">${texts.notYou}</a></p>
${parts.notice && renderNotice(parts.notice)}${parts.problem && renderProblem(parts.problem)}
${renderForm({ action: '/login/code', token: caller.token, body })}
${renderForm({ action: '/login/code/new', token: caller.token, body: again, className: 'centred', id: 'send-again' })}</section>
<p class="soft small aside">${texts.hint}</p>`;
}
