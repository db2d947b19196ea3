import {
  addSmtpServer,
  deleteSmtpServer,
  listSmtpServers,
  type SmtpServer,
  testSmtpServer,
  updateSmtpServer,
} from '../platform/mailer/index.ts';
import { CommandFailure } from './command-failure.ts';
import { readNewSmtpServer, readSmtpOptions, type SmtpOptions } from './read-smtp-options.ts';
import { print, quoted, type WorkOptions, workOnDatabase } from './work-on-database.ts';
import { workOnGround } from './work-on-ground.ts';

function notFound(id: string): CommandFailure {
  return new CommandFailure(`smtp config ${quoted(id)} not found`, { hint: 'gatehouse smtp list' });
}

function lineOf(server: SmtpServer): string {
  const { id, host, port, username, fromEmail, fromName, secure, active, weight } = server;
  return [id, host, port, username ?? '', fromEmail, fromName ?? '', Number(secure), Number(active), weight].join('\t');
}

export async function addSmtp(options: WorkOptions & SmtpOptions): Promise<void> {
  const server = readNewSmtpServer(options);
  await workOnGround(options, async (ground) => print((await addSmtpServer(ground, server)).id));
}

export async function listSmtp(options: WorkOptions): Promise<void> {
  await workOnDatabase(options, async ({ database }) => {
    for (const server of await listSmtpServers(database)) print(lineOf(server));
  });
}

/** Changes what the options name and nothing else. */
export async function updateSmtp(options: WorkOptions & SmtpOptions & { id: string }): Promise<void> {
  const change = readSmtpOptions(options);
  await workOnGround(options, async (ground) => {
    if ((await updateSmtpServer(ground, { id: options.id, change })) === null) throw notFound(options.id);
  });
}

export async function deleteSmtp(options: WorkOptions & { id: string }): Promise<void> {
  await workOnGround(options, async (ground) => {
    if (!(await deleteSmtpServer(ground, options.id))) throw notFound(options.id);
  });
}

/** Speaks with one server or all of them. Throws CommandFailure when one does not answer as it should. */
export async function testSmtp(options: WorkOptions & { id?: string }): Promise<void> {
  const { id } = options;
  await workOnGround(options, async (ground) => {
    const servers = (await listSmtpServers(ground.database)).filter((server) => id === undefined || server.id === id);
    if (servers.length === 0 && id !== undefined) throw notFound(id);
    if (servers.length === 0)
      throw new CommandFailure('there is no SMTP server', { hint: 'gatehouse smtp add --help' });
    const outcomes = await Promise.allSettled(servers.map((server) => testSmtpServer(ground, server.id)));
    for (const [index, outcome] of outcomes.entries()) {
      const said = outcome.status === 'fulfilled' ? 'ok' : messageOf(outcome.reason);
      print(`${servers[index]?.id}\t${servers[index]?.host}:${servers[index]?.port}\t${said}`);
    }
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed)
      throw new CommandFailure('a mail server cannot be used', { hint: 'gatehouse smtp list', cause: failed.reason });
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'The mail server could not be used.';
}
