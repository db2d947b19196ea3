// How long a whole audit log takes to seal, export and verify, beside the physical limit: hashing the same bytes and nothing else.
// node bench/audit-log.ts [events]
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportEvents, readFilter } from '../packages/server/src/operations/audit-review/index.ts';
import { verifyDatabase, verifyExport } from '../packages/server/src/operations/transparency-log/index.ts';
import { startTestServer, type TestServer } from '../packages/server/test/kit/test-server.ts';
import { printTable, seconds } from './kit/table.ts';

const EVENTS = Number(process.argv[2] ?? 1_000_000);
const BATCH = 500;

function eventAt(newId: () => string, at: number) {
  return {
    id: newId(),
    client_id: `client-${at % 100}`,
    user_id: `user-${at % 10_000}`,
    event_type: 'login_success',
    actor_type: 'user',
    actor_id: `user-${at % 10_000}`,
    target_type: 'session',
    target_id: `session-${at}`,
    request_id: `request-${at}`,
    ip: '203.0.113.7',
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36',
    metadata: '{"method":"email_code","acr":"1"}',
    created_at: at,
    retention_until: at + 1,
  };
}

async function fill({ house }: TestServer): Promise<void> {
  const { database, newId } = house.ground;
  for (let at = 0; at < EVENTS; at += BATCH) {
    const count = Math.min(BATCH, EVENTS - at);
    const events = Array.from({ length: count }, (_, i) => eventAt(newId, at + i));
    await database.write(async (tx) => {
      await tx.query.insertInto('audit_events').values(events).execute();
      await tx.query
        .insertInto('audit_unsealed')
        .values(events.map(({ id }) => ({ event_id: id })))
        .execute();
    });
  }
}

/** What no verification can be faster than: one hash over every line of the export. */
async function hashOnly(file: string): Promise<void> {
  for await (const line of createInterface({ input: createReadStream(file) }))
    createHash('sha256').update(line).digest();
}

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
const server = await startTestServer();
const { database, clock } = server.house.ground;
const file = join(folder, 'log.ndjson');
await fill(server);
const sealing = await seconds(() => server.house.sealer.seal());
const inDatabase = await seconds(async () => {
  const verdict = await verifyDatabase(database.read);
  if (!verdict.ok) throw new Error(verdict.broken?.problem);
});
const pieces = () => exportEvents({ clock, read: database.read }, { filter: readFilter({}, null), format: 'ndjson' });
const exporting = await seconds(() => pipeline(Readable.from(pieces()), createWriteStream(file)));
const offline = await seconds(async () => {
  const verdict = await verifyExport(createInterface({ input: createReadStream(file) }), { keys: [], witnessed: [] });
  if (!verdict.ok) throw new Error(verdict.broken?.problem);
});
const limit = await seconds(() => hashOnly(file));
await server.close();
rmSync(folder, { recursive: true });

const row = (what: string, taken: number) => [
  what,
  taken.toFixed(1),
  Math.round(EVENTS / taken),
  (taken / limit).toFixed(1),
];
printTable(
  [`${EVENTS} events`, 's', 'events/s', 'of the limit'],
  [
    row('limit: read and hash every line', limit),
    row('seal', sealing),
    row('verify in the database', inDatabase),
    row('export', exporting),
    row('verify the export', offline),
  ],
);
