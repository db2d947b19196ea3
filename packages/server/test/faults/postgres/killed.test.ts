import { expect, inject, onTestFinished, test } from 'vitest';
import { createDatabase, startOwnPostgres } from '../../kit/postgres.ts';
import { howOften, recordProof } from '../../kit/proof.ts';
import { EVERY } from '../ledger/check-ledger.ts';
import { figuresOf, survive, TURNED_AWAY } from '../ledger/outage.ts';

const LONGEST_MS = 5_000;

// R-010; I1 to I9
test.skipIf(inject('postgresUrl') === null)('a Postgres that is killed and comes back has every answer', async () => {
  const times = howOften({ ci: 3, prove: 50 });
  const postgres = await startOwnPostgres();
  onTestFinished(() => postgres.stop());
  const survived = await survive({
    site: { database: await createDatabase(postgres.url) },
    times,
    async fail({ turnedAway }) {
      await postgres.kill();
      await turnedAway(TURNED_AWAY);
      await postgres.start();
    },
  });
  const { violations, seed, slowestAnswerMs, slowestRecoveryMs } = survived;
  recordProof({
    id: 'kill-postgres',
    chapter: 'Kills',
    act: 'Postgres itself is killed with SIGKILL under load and started again; the server stays',
    rows: ['R-010', ...EVERY],
    times,
    of: 'kills',
    violations,
    figures: figuresOf(survived),
  });
  expect(violations, `GATEHOUSE_SEED=${seed}`).toEqual([]);
  expect(slowestAnswerMs).toBeLessThan(LONGEST_MS);
  expect(slowestRecoveryMs).toBeLessThan(LONGEST_MS);
});
