import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Release } from '../../../../tools/release/releases.ts';
import { openView } from '../kit/database-view.ts';
import { databaseKinds } from '../kit/databases.ts';
import { createWorkplace } from '../kit/gatehouse-command.ts';
import { howOften, recordProof } from '../kit/proof.ts';
import { openFleet } from './fleet.ts';
import { type Held, signIn, startLoad } from './people.ts';
import { checkOut, findPreviousRelease } from './previous-release.ts';

const PEOPLE = 12;
const ACTS_BETWEEN = 300;
const CYCLES = howOften({ ci: 1, prove: 10 });
const { release, missing } = findPreviousRelease();
const version = release?.version ?? 'none';
if (missing) process.stdout.write(`No upgrade is tested: ${missing}.\n`);

const environment = {
  AUTH_ISSUER: 'http://localhost:7777',
  GATEHOUSE_SECRET: 'the master secret of the upgrades, long enough',
  RATE_LIMIT_EMAIL_PER_ADDRESS: '100000',
  RATE_LIMIT_EMAIL_PER_IP: '100000',
  LOG_LEVEL: 'info',
};

describe.skipIf(missing !== null || release === null).each(databaseKinds())(
  'the release before and the working tree on one $name',
  (kind) => {
    //
    test('serve together, forth and back, and nobody notices', async () => {
      const before = createWorkplace(checkOut(release as Release));
      onTestFinished(() => before.clean());
      const after = createWorkplace();
      onTestFinished(() => after.clean());
      const url = kind.name === 'Postgres' ? (await kind.create()).url : join(before.folder, 'gatehouse.sqlite');
      const fleet = await openFleet(before, { ...environment, DATABASE_URL: url });
      const view = openView(url);
      onTestFinished(() => view.close());
      const people: Held[] = [];
      for (let at = 0; at < PEOPLE; at++) people.push(await signIn(fleet, view, `person${at}@example.com`));
      const load = startLoad(fleet, people);
      onTestFinished(() => load.stop());
      const steps = Array.from({ length: CYCLES }, () => [after, after, before, before]).flat();
      for (const [at, next] of steps.entries()) {
        await load.actsMore(ACTS_BETWEEN);
        await fleet.replace((at % 2) as 0 | 1, next);
        await signIn(fleet, view, `after${at}@example.com`);
      }
      await load.actsMore(ACTS_BETWEEN);
      await load.stop();
      const rows = await view.rows<{ n: number }>('select count(*) as n from sessions where ended_at is not null');
      const violations = [...load.failures, ...(rows[0]?.n === 0 ? [] : [`${rows[0]?.n} sessions ended`])];
      recordProof({
        id: `upgrade-${kind.name.toLowerCase()}`,
        chapter: 'Upgrades',
        act: `${version} → the working tree → ${version}, one of two servers after the other, on one ${kind.name}, ${PEOPLE} people refreshing without a pause`,
        rows: ['R-061', 'R-063'],
        times: steps.length,
        of: 'replacements',
        violations,
        figures: { 'requests answered': load.acts() },
      });
      await fleet.stop();
      expect(violations).toEqual([]);
    });
  },
);
