import type { Clock } from '../clock/index.ts';
import type { Database } from '../database/index.ts';
import type { NewId } from '../ids/index.ts';
import {
  createConsoleTransport,
  createFileTransport,
  createSmtpTransport,
  type Mail,
  type MailTransport,
  parseSender,
  pickWeighted,
} from '../mail/index.ts';
import type { Vault } from '../secrets/index.ts';
import { createDevelopmentMailbox } from './development-mailbox.ts';
import { transportConfig } from './smtp-servers.ts';
import { listServers } from './store.ts';
import type { SmtpServersTable } from './tables.ts';

export interface MailerDeps {
  clock: Clock;
  newId: NewId;
  database: Database;
  vault: Vault;
  transport: 'auto' | 'smtp' | 'console' | 'file' | 'mailbox';
  /** Folder of the `file` transport. */
  directory: string | undefined;
  /** `Name <address>` for transports that name no sender. */
  from: string;
  /** Whether the issuer is this machine: only then may mails stay in a mailbox instead of being sent. */
  isLocal: boolean;
}

export interface Mailer {
  /** Whether there is any way for a mail to leave. */
  canSend(): Promise<boolean>;
  /** Sends one mail. Throws MailError. */
  send(mail: Mail): Promise<void>;
  /** Whether mails are kept in the development mailbox now. */
  usesMailbox(): Promise<boolean>;
}

async function sendBySmtp(vault: Vault, servers: SmtpServersTable[], mail: Mail): Promise<void> {
  const server = pickWeighted(servers, Math.random);
  if (!server) throw new Error('no SMTP server is configured');
  // A connection of its own for each mail: servers come and go between two of them.
  const transport = createSmtpTransport(transportConfig(vault, server));
  try {
    await transport.send(mail);
  } finally {
    transport.close();
  }
}

/** The transport that needs no server, if the configuration leads to one. */
function localTransport(deps: MailerDeps): MailTransport | null {
  const sender = parseSender(deps.from) ?? undefined;
  if (deps.transport === 'console') return createConsoleTransport((text) => process.stdout.write(text), sender);
  if (deps.transport === 'file') return createFileTransport(deps.directory ?? './mail', sender);
  const mayKeep = deps.isLocal && deps.transport !== 'smtp';
  return mayKeep ? createDevelopmentMailbox(deps, sender) : null;
}

export function createMailer(deps: MailerDeps): Mailer {
  const local = localTransport(deps);
  const prefersSmtp = deps.transport === 'auto' || deps.transport === 'smtp';
  const activeServers = async (): Promise<SmtpServersTable[]> => {
    if (!prefersSmtp) return [];
    return (await listServers.all(deps.database.read, {})).filter((server) => server.active === 1);
  };
  return {
    canSend: async () => local !== null || (await activeServers()).length > 0,
    usesMailbox: async () => local?.name === 'mailbox' && (await activeServers()).length === 0,
    async send(mail) {
      const servers = await activeServers();
      if (servers.length > 0 || !local) await sendBySmtp(deps.vault, servers, mail);
      else await local.send(mail);
    },
  };
}
