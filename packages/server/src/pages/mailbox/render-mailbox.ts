import { type Html, html } from '../../platform/http/index.ts';
import type { DevelopmentMail } from '../../platform/mailer/index.ts';
import { describeAgo, fillSentence, type PageCaller } from '../frame/index.ts';

function renderMail(caller: PageCaller, mail: DevelopmentMail, now: number): Html {
  const { messages } = caller;
  const texts = messages.mailboxPage;
  const code = /\b\d{6}\b/.exec(mail.text)?.[0];
  const when = html`<time datetime="${new Date(mail.createdAt).toISOString()}">${describeAgo(mail.createdAt, now, messages.language)}</time>`;
  return html`<article class="card mail"><h2 class="break">${mail.subject}</h2>
<p class="soft small break">${fillSentence(texts.to, { email: mail.recipient, when })}</p>
${code && html`<p class="big-code" data-code="${code}">${code}</p>`}
<details><summary>${texts.asText}</summary><pre tabindex="0">${mail.text}</pre></details>
<details><summary>${texts.asHtml}</summary><iframe src="/dev/mailbox/${mail.id}" sandbox="" loading="lazy" title="${mail.subject}"></iframe></details></article>`;
}

/** The body of the mailbox page, newest mail first. */
export function renderMailbox(caller: PageCaller, mails: readonly DevelopmentMail[], now: number): Html {
  const texts = caller.messages.mailboxPage;
  const list = mails.map((mail) => renderMail(caller, mail, now));
  return html`<div class="between head"><div><h1>${texts.title}</h1></div><a class="button plain" href="/dev/mailbox">${texts.refresh}</a></div>
<p class="soft small">${texts.intro}</p><div data-newest="${mails[0]?.id ?? ''}" class="stack">
${list.length > 0 ? list : html`<section class="card"><p>${texts.empty}</p><p class="actions"><a class="button plain" href="/login">${texts.signIn}</a></p></section>`}</div>`;
}
