// A server with its database, its receiver of webhooks and its ledger: what the proofs kill, start again and hold to account.
import { join } from 'node:path';
import { verifyDatabase } from '../../../src/operations/transparency-log/index.ts';
import { openDatabase } from '../../../src/platform/database/index.ts';
import { type DatabaseView, openView } from '../../kit/database-view.ts';
import { createWorkplace, type RunningServer, type Workplace } from '../../kit/gatehouse-command.ts';
import { type Receiver, startReceiver } from '../../kit/webhook-receiver.ts';
import { ADMIN_KEY, asAdmin, CLIENT, ORIGIN, send } from './act.ts';
import { checkDeliveries, checkLedger } from './check-ledger.ts';
import { type Ledger, openLedger } from './ledger.ts';
import type { Memory } from './person.ts';
import { probeServer } from './probe-server.ts';
import { readFacts } from './read-facts.ts';

export interface Site {
  ledger: Ledger;
  view: DatabaseView;
  workplace: Workplace;
  /** Hears of every event. */
  receiver: Receiver;
  /** How many events the receiver is to hear of, so far. */
  toHear(): Promise<number>;
  /** What the server is started with, for commands beside it. */
  environment: Record<string, string>;
  /** Starts the server and waits for its first answer; the slowest of them is kept. */
  start(): Promise<RunningServer>;
  /** From the start of the process to the first answer, the longest so far. */
  slowestMs(): number;
  /** Holds the database against the ledger. */
  check(): Promise<string[]>;
  /** Holds everything against the ledger, by all means there are; the server is not of use afterwards. */
  checkAll(server: RunningServer, memory: Memory): Promise<string[]>;
  close(): Promise<void>;
}

const MANY = '100000';
/** Longer than an endpoint is left alone after its third failure. */
const SILENCE_MS = 150_000;

/** A grace that outlasts every restart, and no bound that one busy address would reach. */
const settings = {
  AUTH_ISSUER: ORIGIN,
  ADMIN_API_KEY: ADMIN_KEY,
  ADMIN_API_KEY_PER_MINUTE: MANY,
  REFRESH_GRACE: '60s',
  RATE_LIMIT_EMAIL_PER_ADDRESS: MANY,
  RATE_LIMIT_EMAIL_PER_IP: MANY,
  RATE_LIMIT_FAILURES_PER_IP: MANY,
  WEBHOOK_ALLOWED_NETWORKS: '127.0.0.1',
  WEBHOOK_ALLOWED_PORTS: 'any',
  WEBHOOK_CONCURRENCY: '16',
  WEBHOOK_TIMEOUT: '5s',
};

async function addReceiver(url: string, receiver: Receiver): Promise<void> {
  const body = { url: receiver.url, events: [] };
  const { status } = await send(url, { path: `${CLIENT}/webhooks`, body, headers: asAdmin });
  if (status >= 300) throw new Error(`the receiver was not added: ${status}`);
}

async function readLog(database: string): Promise<string[]> {
  const opened = await openDatabase({ url: database, poolSize: 1, prepare: false });
  try {
    const { broken } = await verifyDatabase(opened.read);
    return broken ? [`I4 the log is broken at ${broken.seq}: ${broken.problem}`] : [];
  } finally {
    await opened.close();
  }
}

async function readPages(view: DatabaseView, database: string): Promise<string[]> {
  if (database.startsWith('postgres')) return [];
  const rows = await view.rows<{ integrity_check: string }>('pragma integrity_check');
  return rows.filter((row) => row.integrity_check !== 'ok').map((row) => `R-088 ${row.integrity_check}`);
}

/** What every receiver will have heard when it has heard all; the endpoint's own beginning is not among it. */
async function unheard(view: DatabaseView, receiver: Receiver, before: ReadonlySet<string>): Promise<string[]> {
  // Read once: the receiver lives in this process, and could not answer in time while a whole database is read over and over.
  const { events, ...facts } = await readFacts(view);
  const toTell = { ...facts, events: events.filter(({ id }) => !before.has(id)) };
  let told = -1;
  let deadline = 0;
  for (;;) {
    // A long proof leaves many to be told: only a receiver that hears no more has missed something.
    if (receiver.arrivals.length > told) deadline = Date.now() + SILENCE_MS;
    told = receiver.arrivals.length;
    const heard = new Set(receiver.arrivals.map((one) => (JSON.parse(one.text) as { id: string }).id));
    const missing = checkDeliveries(toTell, heard);
    if (missing.length === 0 || Date.now() > deadline) return missing;
    await Promise.race([
      receiver.arrived(receiver.arrivals.length + 1),
      new Promise((resolve) => setTimeout(resolve, 1000)),
    ]);
  }
}

export interface SiteOptions {
  /** The URL of an empty Postgres database, the path of a SQLite file, or null for one in the folder of the site. */
  database: string | null;
  /** More settings, or others; also the way by which the server reaches its database. */
  environment?: Record<string, string>;
  /** Further words of the `start` command. */
  words?: string[];
}

/** Opens a site; its server is started by whoever needs one. */
// long: the wiring of one site, in order
export async function openSite(of: SiteOptions): Promise<Site> {
  const workplace = createWorkplace();
  const receiver = await startReceiver();
  const database = of.database ?? join(workplace.folder, 'gatehouse.sqlite');
  const ledger = openLedger(join(workplace.folder, 'ledger.jsonl'));
  const environment = { ...settings, DATABASE_URL: database, ...of.environment };
  let slowestMs = 0;
  let before: ReadonlySet<string> | null = null;
  const start = async () => {
    const startedAt = performance.now();
    const server = await workplace.start(of.words ?? [], environment);
    const { status } = await send(server.url, { method: 'GET', path: '/readyz' });
    if (status !== 200) throw new Error(`a server that listens is not ready: ${status}`);
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    return server;
  };
  const prepared = await workplace.run(['init'], environment);
  if (prepared.exitCode !== 0) throw new Error(prepared.stderr);
  const view = openView(database);
  const check = async () => checkLedger(ledger.read(), await readFacts(view));
  return {
    ledger,
    view,
    workplace,
    receiver,
    async toHear() {
      const [all] = await view.rows<{ number: number }>(
        "select count(*) as number from audit_events where client_id = 'default'",
      );
      return (all?.number ?? 0) - (before?.size ?? 0);
    },
    environment,
    slowestMs: () => Math.round(slowestMs),
    async start() {
      const server = await start();
      if (before === null) {
        await addReceiver(server.url, receiver);
        before = new Set((await readFacts(view)).events.map(({ id }) => id));
      }
      return server;
    },
    check,
    async checkAll(server, memory) {
      const complaints = await check();
      const deaf = await unheard(view, receiver, before ?? new Set());
      complaints.push(...deaf, ...(await probeServer({ url: server.url, acts: ledger.read(), memory })));
      await server.end('SIGTERM');
      return [...complaints, ...(await readLog(database)), ...(await readPages(view, database))];
    },
    async close() {
      await workplace.clean();
      await receiver.close();
      await view.close();
      ledger.close();
    },
  };
}
