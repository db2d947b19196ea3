/**
 * Mail: addresses, templates, the layout, and the ways for mail to leave (SMTP by RFC 5321, console, file, mailbox).
 *
 * Promises that a mail reaches the one mailbox it names or fails with a classified MailError: no field can add a header or
 * a recipient, and a rejected recipient is a failure. Retrying is up to whoever sends.
 */
export { isHeaderText, parseEmailAddress, parseSender, type Sender } from './address.ts';
export { layoutMail, type MailBrand, type MailContent } from './layout.ts';
export {
  createConsoleTransport,
  createFileTransport,
  createMailboxTransport,
  type KeptMail,
} from './local-transports.ts';
export type { Mail, MailTransport } from './mail.ts';
export { MailError, type MailErrorCode } from './mail-error.ts';
export { pickWeighted } from './pick-weighted.ts';
export { type ReadableAccent, readableAccent } from './readable-accent.ts';
export { createSmtpTransport, type SmtpConfig } from './smtp-transport.ts';
export { renderTemplate, TemplateError, type TemplateMode, type TemplateValues } from './template.ts';
