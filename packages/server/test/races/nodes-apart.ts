// Two processes on one database, as they are run: two servers on one Postgres, or two workers on one SQLite file.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeFor } from '../kit/code-for.ts';
import { type DatabaseView, openView } from '../kit/database-view.ts';
import type { DatabaseKind } from '../kit/databases.ts';
import { createWorkplace } from '../kit/gatehouse-command.ts';
import { type Answer, type Ask, askAt } from '../kit/test-server.ts';

const ISSUER = 'http://localhost:7777';
const ADMIN_KEY = 'the break-glass key of the races, long enough';
const MANY = '100000';
const MOST_FAILURES = 100;
const PROCESSES = 2;
const POLL_MS = 5;

const environment = {
  AUTH_ISSUER: ISSUER,
  ADMIN_API_KEY: ADMIN_KEY,
  ADMIN_API_KEY_PER_MINUTE: MANY,
  RATE_LIMIT_EMAIL_PER_ADDRESS: MANY,
  RATE_LIMIT_EMAIL_PER_IP: MANY,
  RATE_LIMIT_FAILURES_PER_IP: MANY,
  GATEHOUSE_SECRET: 'the master secret of the races, long enough',
  LOG_LEVEL: 'info',
};

export interface NodesApart {
  /** What a page of the server would have as its origin. */
  url: string;
  clock: { now(): number };
  /** Asks one of the processes, each in turn. */
  ask(path: string, request?: Ask): Promise<Answer>;
  askAsOwner(path: string, request?: Ask): Promise<Answer>;
  /** The code in the newest mail to an address; waits until its job has run. */
  codeFor(email: string): Promise<string>;
  view: DatabaseView;
  close(): Promise<void>;
}

async function start(kind: DatabaseKind) {
  const workplace = createWorkplace();
  const { url } = kind.name === 'Postgres' ? await kind.create() : { url: join(workplace.folder, 'gatehouse.sqlite') };
  const at = { ...environment, DATABASE_URL: url };
  if (kind.name === 'SQLite') {
    const crew = await workplace.start(['--workers', String(PROCESSES)], at);
    // The first worker is heard of first; alone it would get every request.
    while ([...crew.output().matchAll(/"server\.listening"/g)].length < PROCESSES) await delay(POLL_MS);
    return { workplace, url, urls: [crew.url] };
  }
  const first = await workplace.start([], at);
  return { workplace, url, urls: [first.url, (await workplace.start([], at)).url] };
}

type AskNodes = NodesApart['askAsOwner'];

/** Lets every taker come as far as the value itself: of fifty, the lockout would turn forty away before. */
async function raiseLockout(askAsOwner: AskNodes): Promise<void> {
  const changed = await askAsOwner('/api/admin/config', {
    method: 'PATCH',
    body: { lockout: { max_failures: MOST_FAILURES } },
  });
  if (changed.status !== 200) throw new Error(`the lockout was not changed: ${changed.text}`);
  // The other process looks for changes now and then; requests go to both in turn.
  for (let inRow = 0; inRow < 2 * PROCESSES; ) {
    const { config } = (await askAsOwner('/api/admin/config')).body;
    inRow = config.lockout.max_failures === MOST_FAILURES ? inRow + 1 : 0;
    await delay(POLL_MS);
  }
}

/** Starts both, on a database of their own. */
export async function startNodesApart(kind: DatabaseKind): Promise<NodesApart> {
  const { workplace, url, urls } = await start(kind);
  const view = openView(url);
  let turn = 0;
  const ask = (path: string, request: Ask = {}) => {
    turn++;
    // Connections go to the workers in turn: one for each request lets both of them have it.
    const headers = { ...request.headers, connection: 'close' };
    return askAt(urls[turn % urls.length] as string, path, { ...request, headers });
  };
  const askAsOwner: AskNodes = (path, request = {}) =>
    ask(path, { ...request, headers: { ...request.headers, 'x-admin-key': ADMIN_KEY } });
  await raiseLockout(askAsOwner);
  return {
    url: ISSUER,
    clock: { now: Date.now },
    ask,
    askAsOwner,
    codeFor: (email) => codeFor(view, email),
    view,
    async close() {
      await view.close();
      await workplace.clean();
    },
  };
}
