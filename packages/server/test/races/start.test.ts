import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openView } from '../kit/database-view.ts';
import { databaseKinds } from '../kit/databases.ts';
import { createWorkplace } from '../kit/gatehouse-command.ts';
import { howOften, recordProof } from '../kit/proof.ts';

const NODES = 5;
const ROUNDS = howOften({ ci: 1, prove: 10 });
const LONGEST_MS = 20_000;

const once = {
  'select count(*) as n from signing_keys where slot = ?': ['CURRENT'],
  'select count(*) as n from signing_keys where slot = ? and client_id is null': ['STANDBY'],
  'select count(*) as n from clients where id = ?': ['default'],
  'select count(*) as n from audit_keys': [],
};

describe.each(databaseKinds())('an empty $name', (kind) => {
  //
  test('is prepared once by five servers that start on it at the same moment', async () => {
    const violations: string[] = [];
    let slowestMs = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const workplace = createWorkplace();
      const url = kind.name === 'Postgres' ? (await kind.create()).url : join(workplace.folder, 'gatehouse.sqlite');
      const environment = { AUTH_ISSUER: 'http://localhost:7777', DATABASE_URL: url, LOG_LEVEL: 'info' };
      const from = performance.now();
      const servers = await Promise.all(Array.from({ length: NODES }, () => workplace.start([], environment)));
      for (const server of servers) {
        const { status } = await fetch(`${server.url}/readyz`);
        if (status !== 200) violations.push(`a server is not ready: ${status}`);
      }
      slowestMs = Math.max(slowestMs, performance.now() - from);
      const view = openView(url);
      for (const [sql, values] of Object.entries(once)) {
        const [row] = await view.rows<{ n: number }>(sql, values);
        if (row?.n !== 1) violations.push(`${row?.n} rows: ${sql}`);
      }
      await view.close();
      await workplace.clean();
    }
    recordProof({
      id: `race-start-${kind.name.toLowerCase()}`,
      chapter: 'Races',
      act: `${NODES} servers start on one empty ${kind.name} at the same moment`,
      rows: ['R-052'],
      times: ROUNDS,
      of: 'rounds',
      violations,
      figures: { 'until all were ready, at most (ms)': Math.round(slowestMs) },
    });
    expect(violations).toEqual([]);
    expect(slowestMs).toBeLessThan(LONGEST_MS);
  });
});
