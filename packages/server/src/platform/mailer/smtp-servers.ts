import type { EventName } from '@gatehouse/protocol';
import type { Clock } from '../clock/index.ts';
import type { Database } from '../database/index.ts';
import { type Announce, operatorEvent } from '../events/index.ts';
import type { NewId } from '../ids/index.ts';
import { createSmtpTransport, type SmtpConfig } from '../mail/index.ts';
import type { Vault } from '../secrets/index.ts';
import { deleteServer, findServer, insertServer, listServers, updateServer } from './store.ts';
import type { SmtpServersTable } from './tables.ts';

const PURPOSE = 'smtp-password';

/** An SMTP server as an operator gives it. A server without a weight gets 1: weights are shares of the mails. */
export interface NewSmtpServer {
  host: string;
  port: number;
  username: string | null;
  password: string | null;
  fromEmail: string;
  fromName: string | null;
  /** TLS from the first byte (port 465) instead of STARTTLS. */
  secure: boolean;
  active: boolean;
  weight: number;
}

/** The same as stored; the password never comes back. */
export interface SmtpServer extends Omit<NewSmtpServer, 'password'> {
  id: string;
}

type Deps = { clock: Clock; newId: NewId; database: Database; vault: Vault; announce: Announce };

const fact = (name: EventName, { id, host }: { id: string; host?: string }) =>
  operatorEvent({ name, target: { type: 'smtp_server', id }, ...(host !== undefined && { metadata: { host } }) });

function present(row: SmtpServersTable): SmtpServer {
  return {
    id: row.id,
    host: row.host,
    port: row.port,
    username: row.username,
    fromEmail: row.from_email,
    fromName: row.from_name,
    secure: row.secure === 1,
    active: row.active === 1,
    weight: row.weight,
  };
}

function columnsOf(server: Omit<NewSmtpServer, 'password'>) {
  return {
    host: server.host,
    port: server.port,
    username: server.username,
    from_email: server.fromEmail,
    from_name: server.fromName,
    secure: server.secure ? 1 : 0,
    active: server.active ? 1 : 0,
    weight: server.weight,
  };
}

/** What the transport needs to use a stored server. */
export function transportConfig(vault: Vault, row: SmtpServersTable): SmtpConfig {
  return {
    host: row.host,
    port: row.port,
    fromEmail: row.from_email,
    secure: row.secure === 1,
    ...(row.from_name !== null && { fromName: row.from_name }),
    ...(row.username !== null && { username: row.username }),
    ...(row.password_sealed !== null && { password: vault.open(PURPOSE, row.password_sealed) }),
  };
}

export async function addSmtpServer(deps: Deps, server: NewSmtpServer): Promise<SmtpServer> {
  const row: SmtpServersTable = {
    id: deps.newId(),
    ...columnsOf(server),
    password_sealed: server.password === null ? null : deps.vault.seal(PURPOSE, server.password),
    created_at: deps.clock.now(),
  };
  await deps.database.write(async (tx) => {
    await insertServer.run(tx, row);
    await deps.announce(tx, fact('smtp_server_added', row));
  });
  return present(row);
}

export async function listSmtpServers(database: Database): Promise<SmtpServer[]> {
  return (await listServers.all(database.read, {})).map(present);
}

/** Changes what `change` names; null when there is no server with this id. */
export function updateSmtpServer(
  deps: Deps,
  input: { id: string; change: Partial<NewSmtpServer> },
): Promise<SmtpServer | null> {
  return deps.database.write(async (tx) => {
    const row = await findServer.first(tx, { id: input.id });
    if (!row) return null;
    const { password, ...change } = input.change;
    const passwordSealed = password ? deps.vault.seal(PURPOSE, password) : row.password_sealed;
    const next = { ...row, ...columnsOf({ ...present(row), ...change }), password_sealed: passwordSealed };
    await updateServer.run(tx, next);
    await deps.announce(tx, fact('smtp_server_updated', next));
    return present(next);
  });
}

/** Removes a server; false when there is none with this id. */
export function deleteSmtpServer(deps: Pick<Deps, 'database' | 'announce'>, id: string): Promise<boolean> {
  return deps.database.write(async (tx) => {
    if (!(await deleteServer(tx, id))) return false;
    await deps.announce(tx, fact('smtp_server_deleted', { id }));
    return true;
  });
}

/** Speaks with a server as far as a mail would need; null when there is none with this id. Throws MailError. */
export async function testSmtpServer(deps: Pick<Deps, 'database' | 'vault'>, id: string): Promise<true | null> {
  const row = await findServer.first(deps.database.read, { id });
  if (!row) return null;
  const transport = createSmtpTransport(transportConfig(deps.vault, row));
  try {
    await transport.verify?.();
    return true;
  } finally {
    transport.close();
  }
}
