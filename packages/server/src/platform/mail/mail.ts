/** One mail to one person. The text is always there; the HTML says the same. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly fromName?: string;
  readonly fromEmail?: string;
}

/** A way for mail to leave. `send` resolves only when the mail was accepted, and throws a MailError otherwise. */
export interface MailTransport {
  readonly name: string;
  send(mail: Mail): Promise<{ messageId: string }>;
  /** Checks that mail could leave, without sending any. */
  verify?(): Promise<void>;
  close(): void;
}
