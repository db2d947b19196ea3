import { layoutMail, type Mail, type MailBrand, renderTemplate } from '../../platform/mail/index.ts';

/** The kind of job that mails a code. */
export const codeMailJob = 'email_code';

/** What that job carries; it is sealed while it waits. */
export interface CodeMail {
  clientId: string;
  email: string;
  code: string;
  /** The language wanted, as in Accept-Language. */
  locale: string;
  minutes: number;
  expiresAt: number;
}

/** The sentences of the mail, in one language. */
export interface CodeMailTexts {
  language: string;
  subject: string;
  heading: string;
  intro: string;
  reason: string;
}

/** Writes the mail that carries a code. */
export function writeCodeMail(mail: CodeMail, brand: MailBrand, texts: CodeMailTexts): Mail {
  const fill = (text: string) =>
    renderTemplate(text, { brand: brand.name, minutes: String(mail.minutes), code: mail.code }, 'text');
  const body = layoutMail(
    { heading: fill(texts.heading), paragraphs: [fill(texts.intro)], code: mail.code, reason: fill(texts.reason) },
    { ...brand, language: texts.language },
  );
  return { to: mail.email, subject: fill(texts.subject), ...body };
}
