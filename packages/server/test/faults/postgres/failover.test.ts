import { expect, inject, onTestFinished, test } from 'vitest';
import { createDatabase, startPostgresPair } from '../../kit/postgres.ts';
import { howOften, recordProof } from '../../kit/proof.ts';
import { startTcpProxy } from '../../kit/tcp-proxy.ts';
import { EVERY } from '../ledger/check-ledger.ts';
import { survive, TURNED_AWAY } from '../ledger/outage.ts';

const LONGEST_OUTAGE_MS = 30_000;

/** Kills a primary under load and promotes its standby; what came of it, and for how long nothing could be written. */
async function failOver() {
  const { primary, standby, promote } = await startPostgresPair();
  onTestFinished(() => Promise.all([primary.stop(), standby.stop()]).then(() => undefined));
  const database = new URL(await createDatabase(primary.url));
  const proxy = await startTcpProxy(Number(database.port));
  onTestFinished(() => proxy.close());
  database.port = String(proxy.port);
  let outageMs = 0;
  const survived = await survive({
    site: { database: database.href },
    times: 1,
    async fail({ turnedAway }) {
      const killedAt = performance.now();
      await primary.kill();
      await turnedAway(TURNED_AWAY);
      await promote();
      proxy.cut();
      proxy.pointTo(Number(new URL(standby.url).port));
      proxy.pass();
      outageMs = performance.now() - killedAt;
    },
  });
  await Promise.all([primary.stop(), standby.stop()]);
  return { ...survived, outageMs: outageMs + survived.slowestRecoveryMs };
}

// R-011; I1 to I9
test.skipIf(inject('postgresUrl') === null)(
  'a synchronous standby that takes over has every answer of its primary',
  async () => {
    const times = howOften({ ci: 1, prove: 20 });
    const violations: string[] = [];
    let answers = 0;
    let slowestMs = 0;
    for (let time = 0; time < times; time++) {
      const survived = await failOver();
      violations.push(...survived.violations);
      answers += survived.answers;
      slowestMs = Math.max(slowestMs, survived.outageMs);
    }
    recordProof({
      id: 'postgres-failover',
      chapter: 'Kills',
      act: 'The primary Postgres is killed with SIGKILL under load, its synchronous standby is promoted and takes its place; the server stays',
      rows: ['R-011', ...EVERY],
      times,
      of: 'failovers',
      violations,
      figures: { 'answers held to account': answers, 'longest time without writes (ms)': Math.round(slowestMs) },
    });
    expect(violations).toEqual([]);
    expect(slowestMs).toBeLessThan(LONGEST_OUTAGE_MS);
  },
);
