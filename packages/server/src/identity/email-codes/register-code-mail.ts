import { messagesFor } from '../../messages/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import type { Jobs } from '../../platform/jobs/index.ts';
import type { Mailer } from '../../platform/mailer/index.ts';
import { type Clients, mailBrandOf } from '../../tenancy/clients/index.ts';
import { type CodeMail, codeMailJob, writeCodeMail } from './mail-code.ts';

export interface CodeMailDeps {
  clock: Clock;
  jobs: Jobs;
  mailer: Mailer;
  clients: Clients;
  brand: { name: string; color: string | undefined };
}

/** Says who mails the codes. A code that ran out while the mail server was down is not mailed any more. */
export function registerCodeMail({ clock, jobs, mailer, clients, brand }: CodeMailDeps): void {
  jobs.handle<CodeMail>(codeMailJob, async (mail) => {
    if (clock.now() >= mail.expiresAt) return;
    const look = mailBrandOf((await clients.find(mail.clientId))?.settings, brand);
    const { language, codeMail } = messagesFor(mail.locale);
    await mailer.send(writeCodeMail(mail, look, { language, ...codeMail }));
  });
}
