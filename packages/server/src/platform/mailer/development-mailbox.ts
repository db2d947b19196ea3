import type { Clock } from '../clock/index.ts';
import type { Database, Reader } from '../database/index.ts';
import type { NewId } from '../ids/index.ts';
import { createMailboxTransport, type MailTransport, type Sender } from '../mail/index.ts';
import { insertDevelopmentMail, listNewestMails, trimMails } from './store.ts';

const MOST_MAILS = 100;

/** A mail that would have been sent. */
export interface DevelopmentMail {
  id: string;
  recipient: string;
  subject: string;
  text: string;
  html: string;
  createdAt: number;
}

/** Keeps mails in the database, so that every process of the server shows the same mailbox. */
export function createDevelopmentMailbox(
  deps: { clock: Clock; newId: NewId; database: Database },
  sender: Sender | undefined,
): MailTransport {
  return createMailboxTransport(async (mail) => {
    await deps.database.write(async (tx) => {
      await insertDevelopmentMail.run(tx, {
        id: deps.newId(),
        recipient: mail.to.address,
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        created_at: deps.clock.now(),
      });
      await trimMails.run(tx, { most: MOST_MAILS });
    });
  }, sender);
}

/** The mails of the development mailbox, newest first. */
export async function listDevelopmentMails(on: Reader): Promise<DevelopmentMail[]> {
  const rows = await listNewestMails(on, MOST_MAILS);
  return rows.map(({ id, recipient, subject, text, html, created_at: createdAt }) => ({
    id,
    recipient,
    subject,
    text,
    html,
    createdAt,
  }));
}
