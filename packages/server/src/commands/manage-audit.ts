import { once } from 'node:events';
import { exportEvents, purgeEvents, readFilter } from '../operations/audit-review/index.ts';
import { createSealer, findNewestCheckpoint, listAuditKeys } from '../operations/transparency-log/index.ts';
import { INSTALLATION } from '../platform/events/index.ts';
import type { House } from '../server.ts';
import { CommandFailure } from './command-failure.ts';
import { print, type WorkOptions, workOnDatabase } from './work-on-database.ts';
import { workOnGround } from './work-on-ground.ts';

const operator = { type: 'operator', id: null };
const request = { requestId: '', ip: '', userAgent: 'command line' };

/** Events of a server that was stopped in the middle may still lack their place. */
async function sealAll(ground: House['ground']): Promise<void> {
  const fail = (error: unknown) => {
    throw error;
  };
  await createSealer({ ...ground, onFailure: fail, onSealed: () => undefined }).seal();
}

export interface ExportOptions extends WorkOptions {
  format: string;
  client?: string;
  from?: string;
  to?: string;
}

export async function exportAudit(options: ExportOptions): Promise<void> {
  const { format, client, from, to } = options;
  if (format !== 'csv' && format !== 'ndjson') {
    throw new CommandFailure(`there is no format ${JSON.stringify(format)}`, {
      hint: '--format ndjson or --format csv',
    });
  }
  const filter = readFilter({ ...(client && { client_id: client }), ...(from && { from }), ...(to && { to }) }, null);
  await workOnGround(options, async (ground) => {
    const { clock, database, announce } = ground;
    const target = { type: 'audit_log', id: 'events' };
    const name = 'audit_exported' as const;
    const event = { name, clientId: INSTALLATION, actor: operator, target, metadata: { format } };
    await database.write((tx) => announce(tx, { ...event, request }));
    await sealAll(ground);
    for await (const piece of exportEvents({ clock, read: database.read }, { filter, format })) {
      if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
    }
  });
}

export async function printAuditKeys(options: WorkOptions): Promise<void> {
  await workOnDatabase(options, async ({ database }) => {
    for (const key of await listAuditKeys(database.read)) print(key);
  });
}

export async function printCheckpoint(options: WorkOptions): Promise<void> {
  await workOnGround(options, async (ground) => {
    await sealAll(ground);
    const newest = await findNewestCheckpoint(ground.database.read);
    if (!newest) throw new CommandFailure('nothing has been written to the audit log yet');
    process.stdout.write(newest.note);
  });
}

export interface PurgeOptions extends WorkOptions {
  yes?: boolean;
}

export async function purgeAudit(options: PurgeOptions): Promise<void> {
  await workOnGround(options, async (ground) => {
    await sealAll(ground);
    const dryRun = options.yes !== true;
    const { expired, held } = await purgeEvents(ground, { dryRun, actor: operator, request });
    print(`${expired} ${dryRun ? 'could be removed (give --yes)' : 'removed'}, ${held} held`);
  });
}
