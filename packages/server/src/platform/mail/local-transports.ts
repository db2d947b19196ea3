import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sender } from './address.ts';
import { type CheckedMail, checkMail } from './check-mail.ts';
import type { MailTransport } from './mail.ts';

const NOBODY: Sender = { name: 'Gatehouse', address: 'noreply@localhost' };

/** A mail that was kept instead of sent. `sentAt` is milliseconds since the epoch. */
export interface KeptMail extends CheckedMail {
  readonly messageId: string;
  readonly sentAt: number;
}

/** Prints the text of each mail; for development. */
export function createConsoleTransport(write: (text: string) => void, sender: Sender = NOBODY): MailTransport {
  return keepingTransport('console', sender, (mail) => {
    write(`\n── Mail to ${mail.to.address}: ${mail.subject}\n${indent(mail.text)}\n──\n`);
  });
}

/** Writes each mail as a JSON file that only this user can read. */
export function createFileTransport(directory: string, sender: Sender = NOBODY): MailTransport {
  return keepingTransport('file', sender, async (mail) => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, `${mail.sentAt}-${mail.messageId}.json`);
    await writeFile(path, `${JSON.stringify(mail, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  });
}

/** Hands each mail to a callback: the development mailbox. */
export function createMailboxTransport(
  save: (mail: KeptMail) => void | Promise<void>,
  sender: Sender = NOBODY,
): MailTransport {
  return keepingTransport('mailbox', sender, save);
}

function keepingTransport(name: string, sender: Sender, keep: (mail: KeptMail) => void | Promise<void>): MailTransport {
  return {
    name,
    async send(mail) {
      const messageId = randomUUID();
      await keep({ ...checkMail(mail, sender), messageId, sentAt: Date.now() });
      return { messageId };
    },
    close() {},
  };
}

/** Every line is indented and without controls, so that no mail can pass for output of the server. */
function indent(text: string): string {
  const lines = text.split(/\r\n|[\r\n\u2028\u2029]/);
  return lines.map((line) => `   ${line.replace(/\p{Cc}/gu, ' ')}`).join('\n');
}
