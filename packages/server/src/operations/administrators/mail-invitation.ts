import { messagesFor } from '../../messages/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import type { Jobs } from '../../platform/jobs/index.ts';
import { layoutMail, renderTemplate } from '../../platform/mail/index.ts';
import type { Mailer } from '../../platform/mailer/index.ts';

/** The kind of job that mails an invitation. */
export const invitationMailJob = 'admin_invitation';

/** What that job carries; it is sealed while it waits. */
export interface InvitationMail {
  email: string;
  url: string;
  locale: string;
  expiresAt: number;
}

export interface InvitationMailDeps {
  clock: Clock;
  jobs: Jobs;
  mailer: Mailer;
  brand: { name: string; color: string | undefined };
}

/** Says who mails invitations. One that ran out while the mail server was down is not mailed any more. */
export function registerInvitationMail({ clock, jobs, mailer, brand }: InvitationMailDeps): void {
  jobs.handle<InvitationMail>(invitationMailJob, async ({ email, url, locale, expiresAt }) => {
    if (clock.now() >= expiresAt) return;
    const { language, invitationMail: texts } = messagesFor(locale);
    const fill = (text: string) => renderTemplate(text, { brand: brand.name }, 'text');
    const body = layoutMail(
      {
        heading: fill(texts.heading),
        paragraphs: [fill(texts.intro)],
        button: { label: fill(texts.button), url },
        reason: fill(texts.reason),
      },
      { name: brand.name, ...(brand.color && { accent: brand.color }), language },
    );
    await mailer.send({ to: email, subject: fill(texts.subject), ...body });
  });
}
