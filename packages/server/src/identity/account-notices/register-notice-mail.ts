import { type Messages, messagesFor } from '../../messages/index.ts';
import type { Jobs } from '../../platform/jobs/index.ts';
import { layoutMail, type Mail, type MailBrand, renderTemplate } from '../../platform/mail/index.ts';
import type { Mailer } from '../../platform/mailer/index.ts';
import { ADMINISTRATORS_CLIENT, type Clients, mailBrandOf } from '../../tenancy/clients/index.ts';
import { type AccountNotice, noticeJob } from './queue-notice.ts';

export interface NoticeMailDeps {
  jobs: Jobs;
  mailer: Mailer;
  clients: Clients;
  brand: { name: string; color: string | undefined };
}

function writeNotice(notice: AccountNotice, brand: MailBrand, { language, noticeMail }: Messages): Mail {
  const form = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  const fill = (text: string) => renderTemplate(text, { brand: brand.name, when: form.format(notice.at) }, 'text');
  const { subject, heading, intro } = noticeMail.changes[notice.change];
  const { reason, administratorReason } = noticeMail;
  const body = layoutMail(
    {
      heading: fill(heading),
      paragraphs: [fill(intro), fill(noticeMail.nothingToDo)],
      reason: fill(notice.clientId === ADMINISTRATORS_CLIENT ? administratorReason : reason),
    },
    { ...brand, language },
  );
  return { to: notice.email, subject: fill(subject), ...body };
}

/** Says who mails the notices. Without a way to send mail there are none, and nothing waits for one. */
export function registerNoticeMail({ jobs, mailer, clients, brand }: NoticeMailDeps): void {
  jobs.handle<AccountNotice>(noticeJob, async (notice) => {
    if (!(await mailer.canSend())) return;
    const settings = (await clients.find(notice.clientId))?.settings;
    if (settings?.notify_on_factor_change === false) return;
    const messages = messagesFor(`${notice.locale},${settings?.auth_ui?.locale ?? 'en'};q=0.001`);
    await mailer.send(writeNotice(notice, mailBrandOf(settings, brand), messages));
  });
}
