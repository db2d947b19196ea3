import type { Transporter } from 'nodemailer';
import { checkMail } from './check-mail.ts';
import type { Mail, MailTransport } from './mail.ts';
import { classifyMailError, MailError } from './mail-error.ts';

const TIMEOUT_MS = 10_000;

/** An SMTP server. `secure` starts with TLS (port 465); otherwise STARTTLS is used whenever the server offers it. */
export interface SmtpConfig {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly fromEmail: string;
  readonly fromName?: string;
  readonly secure?: boolean;
  /** Limit of each of connecting, greeting and every answer; 10 seconds unless given. */
  readonly timeoutMs?: number;
  /** Further certificate authorities, in PEM. */
  readonly ca?: string;
}

/** Sends through an SMTP server. The library is loaded at the first mail, so that an idle server does not hold it. */
export function createSmtpTransport(config: SmtpConfig): MailTransport {
  let opened: Promise<Transporter> | undefined;
  let closed = false;
  const open = () => {
    if (closed) throw new MailError('mail_unreachable', 'The mail transport is closed.', false);
    opened ??= openTransporter(config);
    return opened;
  };
  return {
    name: 'smtp',
    send: (mail) => classified(async () => sendThrough(await open(), mail, config)),
    verify: () => classified(async () => void (await (await open()).verify())),
    close() {
      closed = true;
      opened?.then(
        (transporter) => transporter.close(),
        () => {},
      );
    },
  };
}

async function openTransporter(config: SmtpConfig): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  const { host, port, secure = port === 465, username, password = '', timeoutMs = TIMEOUT_MS, ca } = config;
  return createTransport({
    host,
    port,
    secure,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // Nothing in a mail may make this server read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(username === undefined ? {} : { auth: { user: username, pass: password } }),
    ...(ca === undefined ? {} : { tls: { ca } }),
  });
}

async function sendThrough(transporter: Transporter, mail: Mail, config: SmtpConfig): Promise<{ messageId: string }> {
  const { from, to, subject, text, html } = checkMail(mail, { address: config.fromEmail, name: config.fromName ?? '' });
  const sent: { messageId?: string | undefined; rejected?: unknown[] | undefined } = await transporter.sendMail({
    // Objects, never texts: nodemailer reads "b@x\r\nBcc: evil@x" as a group that contains evil@x.
    from,
    to,
    envelope: { from: from.address, to: [to.address] },
    subject,
    text,
    html,
    headers: { 'Auto-Submitted': 'auto-generated' },
  });
  if (sent.rejected && sent.rejected.length > 0) {
    throw new MailError('mail_rejected', 'The mail server rejected the recipient.', true);
  }
  return { messageId: sent.messageId ?? '' };
}

async function classified<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw classifyMailError(error);
  }
}
