import { isHeaderText, parseEmailAddress, type Sender } from './address.ts';
import type { Mail } from './mail.ts';
import { MailError } from './mail-error.ts';

/** A mail whose every header was checked, with addresses that can mean only one mailbox. */
export interface CheckedMail {
  readonly from: Sender;
  readonly to: Sender;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Refuses a mail whose headers could be read as more than they say (CRLF, second addresses). */
export function checkMail(mail: Mail, sender: Sender): CheckedMail {
  const from = {
    address: address(mail.fromEmail ?? sender.address, 'sender'),
    name: header(mail.fromName ?? sender.name, 'sender name'),
  };
  const to = { address: address(mail.to, 'recipient'), name: '' };
  return { from, to, subject: header(mail.subject, 'subject'), text: mail.text, html: mail.html };
}

function address(text: string, field: string): string {
  const parsed = parseEmailAddress(text);
  // Also refused when merely untidy: what is sent must be what was stored and validated.
  if (parsed === null || /[\r\n]/.test(text))
    throw new MailError('mail_invalid', `The ${field} is not one address.`, true);
  return parsed;
}

function header(text: string, field: string): string {
  if (!isHeaderText(text)) throw new MailError('mail_invalid', `The ${field} cannot stand in a header.`, true);
  return text;
}
