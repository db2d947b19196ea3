import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyDatabase } from '../../src/operations/transparency-log/index.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { type Answer, type Ask, startTestServer, type TestServer } from '../kit/test-server.ts';
import { settings, type World } from './world.ts';

/** Where pages of this installation are, whatever port its server listens on. */
export const ISSUER = 'http://localhost:7777';

/** The server under test; it may be restarted, its database and its clock go on. */
export interface Real {
  ask(path: string, request?: Ask): Promise<Answer>;
  askAsOwner(path: string, request?: Ask): Promise<Answer>;
  codeFor(email: string): Promise<string>;
  now(): number;
  advance(ms: number): void;
  restart(): Promise<void>;
  /** Names of the events since the run began. */
  eventsOf(world: World): Promise<string[]>;
  /** Rows that refer to nobody, each as a sentence. */
  orphans(): Promise<string[]>;
  /** What is wrong with the audit log, or null. */
  verifyLog(): Promise<string | null>;
  close(): Promise<void>;
}

/** The first id of a moment: ids are ordered by the time they were made. */
function firstIdAt(time: number): string {
  const hex = time.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

async function orphansOf({ house }: TestServer): Promise<string[]> {
  const { query } = house.ground.database.read;
  const tables = ['sessions', 'passkeys'] as const;
  const found = await Promise.all(
    tables.map(async (table) => {
      const users = query.selectFrom('users').select('id');
      const lost = await query.selectFrom(table).select('id').where('user_id', 'not in', users).execute();
      return lost.map(({ id }) => `${id} of ${table} belongs to nobody`);
    }),
  );
  return found.flat();
}

/** Starts the server of the model on a database of its own. */
// long: one line for each thing that can be asked of it
export async function startReal(): Promise<Real> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-model-'));
  const clock = createFakeClock();
  const start = () =>
    startTestServer({
      database: join(folder, 'model.sqlite'),
      clock,
      settings: { ...settings, 'server.issuer': ISSUER, 'rateLimits.failuresPerIp': '1000000' },
    });
  let server = await start();
  return {
    ask: (path, request) => server.ask(path, request),
    askAsOwner: (path, request) => server.askAsOwner(path, request),
    async codeFor(email) {
      const code = await server.codeFor(email);
      // Read once: a mailbox of ten thousand runs is slow to look through.
      await server.house.ground.database.write((tx) => tx.query.deleteFrom('development_mails').execute());
      return code;
    },
    now: clock.now,
    advance: clock.advance,
    async restart() {
      await server.close();
      server = await start();
    },
    async eventsOf({ startedAt }) {
      const events = server.house.ground.database.read.query.selectFrom('audit_events').select('event_type');
      return (await events.where('id', '>=', firstIdAt(startedAt)).execute()).map((row) => row.event_type);
    },
    orphans: () => orphansOf(server),
    async verifyLog() {
      await server.house.sealer.seal();
      const verdict = await verifyDatabase(server.house.ground.database.read);
      return verdict.ok ? null : JSON.stringify(verdict);
    },
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
