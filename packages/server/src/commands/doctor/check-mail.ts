import { type Config, isLoopbackHost } from '../../config/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { listSmtpServers, type SmtpServer, testSmtpServer } from '../../platform/mailer/index.ts';
import { openDoctorsVault } from './check-keys.ts';
import { type Finding, messageOf } from './finding.ts';

const check = 'mail';

/** Whether mail can leave: every active SMTP server answers, or another transport is meant. */
export async function checkMail(config: Config, database: Database): Promise<Finding[]> {
  const { transport } = config.mail;
  const isLocal = isLoopbackHost(new URL(config.server.issuer).hostname);
  if (transport === 'console' || transport === 'file') {
    const message = `mails go to ${transport === 'file' ? config.mail.file : 'the console'}, nobody receives them`;
    if (isLocal) return [{ check, status: 'ok', message }];
    return [{ check, status: 'warn', message, fix: 'Add an SMTP server and set MAIL_TRANSPORT=smtp.' }];
  }
  const servers = (await listSmtpServers(database)).filter((server) => server.active);
  if (transport !== 'mailbox' && servers.length > 0) {
    return Promise.all(servers.map((server) => checkServer(config, database, server)));
  }
  if (isLocal && transport !== 'smtp') {
    return [{ check, status: 'ok', message: 'mails stay in the development mailbox' }];
  }
  const fix = 'Run: gatehouse smtp add --help';
  return [{ check, status: 'problem', message: 'there is no SMTP server, so no mail can be sent', fix }];
}

async function checkServer(config: Config, database: Database, server: SmtpServer): Promise<Finding> {
  const { id, host, port } = server;
  try {
    await testSmtpServer({ database, vault: openDoctorsVault(config) }, id);
    return { check, status: 'ok', message: `${host}:${port} answers` };
  } catch (error) {
    const fix = `Correct it with: gatehouse smtp update --id ${id}`;
    return { check, status: 'problem', message: `${host}:${port}: ${messageOf(error)}`, fix };
  }
}
