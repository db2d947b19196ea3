import { endSessionsOf } from '../operations/admin-sign-in/index.ts';
import {
  type AdministratorRecord,
  findAdministratorByEmail,
  inviteAdministrator,
  listAdministrators,
  resetAdministrator,
} from '../operations/administrators/index.ts';
import { type AdminRole, type AdminScope, adminRoles } from '../operations/admins/index.ts';
import type { Tx } from '../platform/database/index.ts';
import { parseEmailAddress } from '../platform/mail/index.ts';
import { Refusal } from '../platform/refusals/index.ts';
import type { House } from '../server.ts';
import { createClients } from '../tenancy/clients/index.ts';
import { CommandFailure } from './command-failure.ts';
import { print, quoted, type WorkOptions, workOnDatabase } from './work-on-database.ts';
import { workOnGround } from './work-on-ground.ts';

export interface AdminOptions extends WorkOptions {
  email: string;
  role: string;
  client?: string;
}

const request = { requestId: '', ip: '', userAgent: 'command line' };

/** Whoever can run commands on the database may do everything to it anyway. */
function operator(now: number) {
  const actor = { type: 'operator', id: null } as const;
  return { actor, roles: ['owner'] as const, scope: { kind: 'all' } as const, authenticatedAt: now };
}

function readEmail(text: string): string {
  const email = parseEmailAddress(text);
  if (email) return email;
  throw new CommandFailure('the value of --email is no e-mail address', { hint: '--email ada@example.com' });
}

function readRoles(text: string): AdminRole[] {
  const roles = text.split(',').map((role) => role.trim());
  const unknown = roles.find((role) => !adminRoles.some((known) => known === role));
  if (unknown === undefined) return [...new Set(roles)] as AdminRole[];
  throw new CommandFailure(`there is no role ${quoted(unknown)}`, { hint: `--role ${adminRoles.join(',')}` });
}

async function readScope(ground: House['ground'], clientId: string | undefined): Promise<AdminScope> {
  if (clientId === undefined) return { kind: 'all' };
  const clients = createClients({ ...ground, allowOrigin: () => [] });
  if (await clients.find(clientId)) return { kind: 'client', clientId };
  throw new CommandFailure(`there is no client ${quoted(clientId)}`, { hint: '--client default' });
}

function explain(error: unknown): never {
  if (!(error instanceof Refusal)) throw error;
  throw new CommandFailure(error.message, { hint: 'gatehouse admin list' });
}

/** Prints the link with which somebody becomes an administrator. Throws CommandFailure. */
export async function createAdmin(options: AdminOptions): Promise<void> {
  const email = readEmail(options.email);
  const roles = readRoles(options.role);
  await workOnGround(options, async (ground) => {
    const scope = await readScope(ground, options.client);
    const by = operator(ground.clock.now());
    const invite = { email, roles, scope, by, mailIn: null, request };
    const { invitation } = await inviteAdministrator(ground, invite).catch(explain);
    print(invitation.url);
  });
}

function lineOf({ id, email, roles, scope, status, createdAt }: AdministratorRecord): string {
  const part = scope.kind === 'all' ? 'all' : `${scope.kind}:${scope.clientId}`;
  return [id, email, roles.join(','), part, status, new Date(createdAt).toISOString()].join('\t');
}

export async function listAdmins(options: WorkOptions): Promise<void> {
  await workOnDatabase(options, async ({ database }) => {
    const most = 500;
    let page: AdministratorRecord[] = [];
    do {
      page = await listAdministrators(database.read, { after: page.at(-1)?.id ?? null, most });
      for (const administrator of page) print(lineOf(administrator));
    } while (page.length === most);
  });
}

/** Prints a new link for somebody who lost their password or their authenticator app. Throws CommandFailure. */
export async function resetAdmin(options: WorkOptions & { email: string }): Promise<void> {
  const email = readEmail(options.email);
  await workOnGround(options, async (ground) => {
    const found = await findAdministratorByEmail(ground.database.read, email);
    if (!found) throw new CommandFailure('nobody with this address administers', { hint: 'gatehouse admin list' });
    const endSessions = (tx: Tx, userId: string) => endSessionsOf(tx, userId, ground.clock.now());
    const by = operator(ground.clock.now());
    const act = { id: found.id, by, mailIn: null, request };
    const { invitation } = await resetAdministrator({ ...ground, endSessions }, act).catch(explain);
    print(invitation.url);
  });
}
