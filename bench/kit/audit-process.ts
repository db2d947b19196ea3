// `node audit-process.ts <events>`: appends events to an audit log, seals it, verifies it in the database, exports it, and verifies the export.
// Answers its parent with how often a second an event went through each, beside what nothing can be faster than.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportEvents, readFilter } from '../../packages/server/src/operations/audit-review/index.ts';
import { verifyDatabase, verifyExport } from '../../packages/server/src/operations/transparency-log/index.ts';
import { startTestServer, type TestServer } from '../../packages/server/test/kit/test-server.ts';
import type { AuditFigure } from './audit-figures.ts';

const events = Number(process.argv[2]);
/** As many as there are requests under way elsewhere: they share a commit. */
const AT_ONCE = 32;

const request = {
  requestId: '01a1fdc0-dc5f-77d7-8d5b-410e2688c84b',
  ip: '203.0.113.7',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36',
};

async function append({ house }: TestServer): Promise<void> {
  const { database, announce } = house.ground;
  const one = (at: number) =>
    database.write((tx) =>
      announce(tx, {
        name: 'login_success',
        clientId: `client-${at % 100}`,
        userId: `user-${at % 10_000}`,
        target: { type: 'session', id: `session-${at}` },
        metadata: { method: 'email_code', acr: '1' },
        request,
      }),
    );
  for (let at = 0; at < events; at += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => one(at + i)));
}

/** What no verification can be faster than: one hash over every line of the export. */
async function hashOnly(file: string): Promise<void> {
  for await (const line of createInterface({ input: createReadStream(file) }))
    createHash('sha256').update(line).digest();
}

async function time(name: string, work: () => Promise<unknown>): Promise<Omit<AuditFigure, 'ofLimit'>> {
  const from = performance.now();
  const used = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(used);
  const seconds = (performance.now() - from) / 1000;
  return { name, database: 'sqlite', perSecond: events / seconds, processorMicroseconds: (user + system) / events };
}

/** Throws when what was to be verified did not hold: its figures would be worth nothing. */
function requireOk({ ok, broken }: { ok: boolean; broken: { problem: string } | null }): void {
  if (!ok) throw new Error(broken?.problem ?? 'not verified');
}

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
const file = join(folder, 'log.ndjson');
const server = await startTestServer();
const { database, clock } = server.house.ground;
const pieces = () => exportEvents({ clock, read: database.read }, { filter: readFilter({}, null), format: 'ndjson' });
const lines = () => createInterface({ input: createReadStream(file) });
const figures = [
  await time('audit log: append', () => append(server)),
  await time('audit log: seal', () => server.house.sealer.seal()),
  await time('audit log: verify in the database', async () => requireOk(await verifyDatabase(database.read))),
  await time('audit log: export', () => pipeline(Readable.from(pieces()), createWriteStream(file))),
  await time('audit log: verify the export', async () =>
    requireOk(await verifyExport(lines(), { keys: [], witnessed: [] })),
  ),
];
const limit = await time('audit log: read and hash every line', () => hashOnly(file));
await server.close();
rmSync(folder, { recursive: true });
process.send?.([...figures, limit].map((one) => ({ ...one, ofLimit: one.perSecond / limit.perSecond })));
process.disconnect?.();
