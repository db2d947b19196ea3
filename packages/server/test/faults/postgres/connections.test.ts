import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { createDatabase } from '../../kit/postgres.ts';
import { howOften, recordProof } from '../../kit/proof.ts';
import { startTcpProxy } from '../../kit/tcp-proxy.ts';
import { figuresOf, type Outage, type Survived, survive, TURNED_AWAY } from '../ledger/outage.ts';

const postgres = inject('postgresUrl');
const LONGEST_MS = 5_000;
/** What a busy machine may add to a bound that the server keeps. */
const SLACK_MS = 500;

function judge({ violations, seed, slowestAnswerMs, slowestRecoveryMs }: Survived): void {
  expect(violations, `GATEHOUSE_SEED=${seed}`).toEqual([]);
  expect(slowestAnswerMs).toBeLessThan(LONGEST_MS + SLACK_MS);
  expect(slowestRecoveryMs).toBeLessThan(LONGEST_MS + SLACK_MS);
}

/** A server whose way to Postgres leads over a proxy. */
async function proxied(url: string) {
  const own = await createDatabase(url);
  const proxy = await startTcpProxy(Number(new URL(own).port));
  onTestFinished(() => proxy.close());
  const way = new URL(own);
  way.port = String(proxy.port);
  return { proxy, own, site: { database: own, environment: { DATABASE_URL: way.href } } };
}

const ways = [
  { title: 'cut', id: 'connections-cut', act: 'Every connection to Postgres is cut, and none is taken for a while' },
  { title: 'held up', id: 'connections-stalled', act: 'Every connection to Postgres falls silent without a word' },
] as const;

// R-012; I1 to I9
test.skipIf(postgres === null).each(ways)(
  'when connections to Postgres are $title, requests are turned away in time, and all recovers',
  async ({ id, title, act }) => {
    const times = howOften({ ci: 3, prove: 50 });
    const { proxy, site } = await proxied(postgres ?? '');
    const survived = await survive({
      site,
      times,
      async fail({ turnedAway }: Outage) {
        if (title === 'cut') proxy.cut();
        else proxy.stall();
        await turnedAway(TURNED_AWAY);
        proxy.pass();
      },
    });
    const { violations } = survived;
    recordProof({
      id,
      chapter: 'Faults',
      act,
      rows: ['R-012'],
      times,
      of: 'outages',
      violations,
      figures: figuresOf(survived),
    });
    judge(survived);
  },
);

// I1 to I9
test.skipIf(postgres === null)(
  'when every connection waits for a lock, requests are turned away in time, and all recovers',
  async () => {
    const times = howOften({ ci: 3, prove: 50 });
    const database = await createDatabase(postgres ?? '');
    const survived = await survive({
      site: { database, environment: { DATABASE_POOL_SIZE: '2' } },
      times,
      async fail({ turnedAway }) {
        const holder = new pg.Client({ connectionString: database });
        await holder.connect();
        await holder.query('begin');
        await holder.query('lock table audit_events in access exclusive mode');
        await turnedAway(TURNED_AWAY);
        await holder.end();
      },
    });
    const act = 'A lock on the table that every act writes to holds up every connection of a small pool';
    const { violations } = survived;
    recordProof({
      id: 'pool-exhausted',
      chapter: 'Faults',
      act,
      rows: ['R-012', 'R-013'],
      times,
      of: 'locks',
      violations,
      figures: figuresOf(survived),
    });
    judge(survived);
  },
);
