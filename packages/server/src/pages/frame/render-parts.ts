import { type Html, html } from '../../platform/http/index.ts';
import { icons } from './icons.ts';

/** A form with the token it is taken by. */
export function renderForm(input: {
  action: string;
  token: string;
  body: Html;
  className?: string;
  id?: string;
}): Html {
  return html`<form method="post" action="${input.action}" class="${input.className ?? ''}"${input.id && html` id="${input.id}"`}>
<input type="hidden" name="csrf" value="${input.token}">${input.body}</form>`;
}

/** What went wrong, read out at once; stands above the field it concerns. */
export function renderProblem(sentence: Html | string, id = 'problem'): Html {
  return html`<div class="problem" role="alert" id="${id}">${icons.problem}<span>${sentence}</span></div>`;
}

/** What was done. */
export function renderNotice(sentence: Html | string): Html {
  return html`<div class="notice" role="status">${icons.done}<span>${sentence}</span></div>`;
}
