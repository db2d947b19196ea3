import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** A mail that arrived over SMTP. */
export interface Arrived {
  from: string;
  recipients: string[];
  mail: Email;
}

/** How a peer behaves badly: it refuses for now (451), or takes a mail and loses the line before it has said so. */
export type SmtpTrouble = 'busy' | 'forgetful';

interface SmtpPeerOptions {
  refuse?: (recipient: string) => string | null;
  /** Asked for each mail. */
  trouble?: () => SmtpTrouble | null;
}

/** A real SMTP server that keeps what it is sent, and refuses what it is told to. */
export async function startSmtpPeer(options: SmtpPeerOptions = {}) {
  const arrived: Arrived[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      username === 'sender' && password === 'right' ? done(null, { user: username }) : done(new Error('no')),
    onRcptTo: ({ address }, _session, done) => {
      if (options.trouble?.() === 'busy') return done(Object.assign(new Error('later'), { responseCode: 451 }));
      const reason = options.refuse?.(address);
      done(reason ? Object.assign(new Error(reason), { responseCode: 550 }) : null);
    },
    onData: async (stream, session, done) => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      const { mailFrom, rcptTo } = session.envelope;
      arrived.push({
        from: mailFrom === false ? '' : mailFrom.address,
        recipients: rcptTo.map((one) => one.address),
        mail: await PostalMime.parse(Buffer.concat(chunks)),
      });
      if (options.trouble?.() !== 'forgetful') return done();
      for (const connection of server.connections) if (connection.session === session) connection.close();
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    arrived,
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
