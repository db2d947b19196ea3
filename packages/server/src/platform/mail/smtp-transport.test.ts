import { type AddressInfo, createServer } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { createSmtpTransport, type Mail, MailError, type SmtpConfig } from './index.ts';
import { testCertificate } from './test-certificate.ts';

const MAIL: Mail = { to: 'ada@example.com', subject: 'Your code', text: 'It is 123456.', html: '<p>It is 123456.</p>' };
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A real SMTP server that keeps what it was given: the envelope and the message. */
async function start(options: SMTPServerOptions = {}) {
  const received: { to: string[]; from: string; secure: boolean; raw: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          const from = mailFrom === false ? '' : mailFrom.address;
          received.push({
            to: rcptTo.map(({ address }) => address),
            from,
            secure: session.secure,
            raw: Buffer.concat(chunks).toString(),
          });
          done();
        });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return { received, port: (server.server.address() as AddressInfo).port };
}

function transport(port: number, more: Partial<SmtpConfig> = {}) {
  const smtp = createSmtpTransport({
    host: '127.0.0.1',
    port,
    fromEmail: 'noreply@example.com',
    fromName: 'Gate',
    timeoutMs: 2000,
    ...more,
  });
  closers.push(() => smtp.close());
  return smtp;
}

async function failure(work: Promise<unknown>): Promise<MailError> {
  const error = await work.then(
    () => 'sent',
    (reason: unknown) => reason,
  );
  if (error instanceof MailError) return error;
  throw new Error(`expected a MailError, got ${String(error)}`);
}

describe('the SMTP transport', () => {
  it('delivers text and HTML from the configured sender', async () => {
    const { received, port } = await start({ disabledCommands: ['STARTTLS', 'AUTH'] });
    const { messageId } = await transport(port).send(MAIL);
    const parsed = await PostalMime.parse(received[0]?.raw ?? '');
    expect(received[0]).toMatchObject({ to: ['ada@example.com'], from: 'noreply@example.com', secure: false });
    expect(parsed).toMatchObject({
      messageId,
      subject: 'Your code',
      from: { address: 'noreply@example.com', name: 'Gate' },
    });
    expect(parsed.text).toContain('123456');
    expect(parsed.html).toContain('<p>');
  });

  it('signs in, and says when the password is wrong', async () => {
    const options: SMTPServerOptions = {
      authOptional: false,
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      onAuth: (auth, _session, done) => (auth.password === 'right' ? done(null, { user: 'u' }) : done(new Error('no'))),
    };
    const { received, port } = await start(options);
    await transport(port, { username: 'u', password: 'right' }).send(MAIL);
    expect(received).toHaveLength(1);
    const error = await failure(transport(port, { username: 'u', password: 'wrong-canary' }).send(MAIL));
    expect(error).toMatchObject({ code: 'mail_auth_failed', permanent: false });
    expect(String(error.stack)).not.toContain('wrong-canary');
  });

  it('refuses a certificate that it cannot trust when the server offers STARTTLS', async () => {
    const { received, port } = await start();
    expect(['mail_tls_failed', 'mail_unreachable']).toContain((await failure(transport(port).send(MAIL))).code);
    expect(received).toEqual([]);
  });

  it('uses STARTTLS when the server offers it, and TLS from the start when asked to', async () => {
    const upgraded = await start(testCertificate);
    await transport(upgraded.port, { ca: testCertificate.cert }).send(MAIL);
    expect(upgraded.received).toMatchObject([{ secure: true }]);
    const wrapped = await start({ ...testCertificate, secure: true });
    await transport(wrapped.port, { ca: testCertificate.cert, secure: true }).send(MAIL);
    expect(wrapped.received).toMatchObject([{ secure: true }]);
  });

  it.each([
    [550, 'mail_rejected', true],
    [451, 'mail_deferred', false],
  ])('takes a recipient answered with %i as a failure', async (responseCode, code, permanent) => {
    const { port } = await start({
      disabledCommands: ['STARTTLS'],
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no'), { responseCode })),
    });
    expect(await failure(transport(port).send(MAIL))).toMatchObject({ code, permanent });
  });

  it('says when nobody listens', async () => {
    expect(await failure(transport(1).send(MAIL))).toMatchObject({ code: 'mail_unreachable', permanent: false });
  });

  it('gives up on a server that never greets', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => server.close());
    const silent = transport((server.address() as AddressInfo).port, { timeoutMs: 60 });
    expect(await failure(silent.send(MAIL))).toMatchObject({ code: 'mail_timed_out', permanent: false });
  });

  // T-045
  it.each<Partial<Mail>>([
    { to: 'b@x.example\r\nBcc: evil@x.example' },
    { to: '<a@b.example>,<c@d.example>' },
    { to: 'a@b.example, c@d.example' },
    { subject: 'Hi\r\nBcc: evil@x.example' },
    { subject: 'Hi\u2028Bcc: evil@x.example' },
    { fromName: 'Gate\nBcc: evil@x.example' },
    { fromEmail: 'a@b.example>\r\nRCPT TO:<evil@x.example' },
    { subject: 'x'.repeat(10_000) },
  ])('refuses to send %j', async (part) => {
    const { received, port } = await start({ disabledCommands: ['STARTTLS'] });
    expect(await failure(transport(port).send({ ...MAIL, ...part }))).toMatchObject({
      code: 'mail_invalid',
      permanent: true,
    });
    expect(received).toEqual([]);
  });

  // T-045
  it('encodes names that look like headers or addresses, and keeps one recipient', async () => {
    const { received, port } = await start({ disabledCommands: ['STARTTLS'] });
    const fromName = '"Eve" <evil@x.example>, =?utf-8?q?=0D=0ABcc:evil@x.example?=';
    await transport(port).send({ ...MAIL, fromName, subject: '=?utf-8?q?=0D=0ABcc:_evil@x.example?=' });
    const parsed = await PostalMime.parse(received[0]?.raw ?? '');
    expect(received[0]).toMatchObject({ to: ['ada@example.com'], from: 'noreply@example.com' });
    expect(parsed.from?.address).toBe('noreply@example.com');
    expect(parsed.headers.filter(({ key }) => ['bcc', 'cc'].includes(key))).toEqual([]);
  });
});
