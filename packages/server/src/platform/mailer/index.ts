/**
 * The mailer: which way a mail leaves. Owns the SMTP servers that operators add (chosen by weight, passwords sealed) and the
 * development mailbox, which keeps mails on a page of the server itself, and only when no transport is configured and the issuer is this machine.
 * Changes to the SMTP servers are in effect at the next mail.
 */
export { createMailer, type Mailer, type MailerDeps } from './create-mailer.ts';
export { type DevelopmentMail, listDevelopmentMails } from './development-mailbox.ts';
export {
  addSmtpServer,
  deleteSmtpServer,
  listSmtpServers,
  type NewSmtpServer,
  type SmtpServer,
  testSmtpServer,
  updateSmtpServer,
} from './smtp-servers.ts';
