import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Release } from '../../../../tools/release/releases.ts';
import { type DatabaseView, openView } from '../kit/database-view.ts';
import { databaseKinds } from '../kit/databases.ts';
import { createWorkplace } from '../kit/gatehouse-command.ts';
import { howOften, recordProof } from '../kit/proof.ts';
import { type Fleet, openFleet, type Reply } from './fleet.ts';
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

interface Held {
  session_id: string;
  refresh_token: string;
  access_token: string;
}

async function codeFor(view: DatabaseView, email: string): Promise<string> {
  for (;;) {
    const newest = 'select text from development_mails where recipient = ? order by id desc limit 1';
    const [mail] = await view.rows<{ text: string }>(newest, [email]);
    const code = mail && /\b\d{6}\b/.exec(mail.text)?.[0];
    if (code) return code;
  }
}

async function signIn(fleet: Fleet, view: DatabaseView, email: string): Promise<Held> {
  await fleet.ask({ path: '/email/start', body: { email } });
  const { status, body } = await fleet.ask({
    path: '/email/verify',
    body: { email, code: await codeFor(view, email) },
  });
  if (status !== 200) throw new Error(`${email} could not sign in: ${status}`);
  return body;
}

/** People who refresh and ask who they are, without a pause, until `stop`; what went wrong, and how much was done. */
function startLoad(fleet: Fleet, people: Held[]) {
  const failures: string[] = [];
  let acts = 0;
  let over = false;
  const judge = (what: string, { status }: Reply) => {
    acts++;
    if (status !== 200) failures.push(`${what} was answered ${status}`);
  };
  const live = async (held: Held) => {
    while (!over) {
      const { session_id, refresh_token } = held;
      const answer = await fleet.ask({ path: '/session/refresh', body: { session_id, refresh_token } });
      judge('refresh', answer);
      if (answer.status === 200) Object.assign(held, answer.body);
      judge('/me', await fleet.ask({ path: '/me', token: held.access_token }));
    }
  };
  const loops = people.map((held) =>
    live(held).catch((error: Error) => {
      failures.push(error.message);
    }),
  );
  return {
    failures,
    acts: () => acts,
    async until(more: number) {
      const aim = acts + more;
      while (acts < aim && failures.length === 0) await new Promise(setImmediate);
    },
    async stop() {
      over = true;
      await Promise.all(loops);
    },
  };
}

describe.skipIf(missing !== null || release === null).each(databaseKinds())(
  'the release before and the working tree on one $name',
  (kind) => {
    //
    test('serve together, forth and back, and nobody notices', async () => {
      const before = createWorkplace(checkOut(release as Release));
      const after = createWorkplace();
      const url = kind.name === 'Postgres' ? (await kind.create()).url : join(before.folder, 'gatehouse.sqlite');
      const fleet = await openFleet(before, { ...environment, DATABASE_URL: url });
      const view = openView(url);
      const people: Held[] = [];
      for (let at = 0; at < PEOPLE; at++) people.push(await signIn(fleet, view, `person${at}@example.com`));
      const load = startLoad(fleet, people);
      let replaced = 0;
      for (let cycle = 0; cycle < CYCLES; cycle++) {
        for (const [next, slot] of [
          [after, 0],
          [after, 1],
          [before, 0],
          [before, 1],
        ] as const) {
          await load.until(ACTS_BETWEEN);
          await fleet.replace(slot, next);
          replaced++;
          await signIn(fleet, view, `cycle${cycle}-${replaced}@example.com`);
        }
      }
      await load.until(ACTS_BETWEEN);
      await load.stop();
      const rows = await view.rows<{ n: number }>('select count(*) as n from sessions where ended_at is not null');
      const violations = [...load.failures, ...(rows[0]?.n === 0 ? [] : [`${rows[0]?.n} sessions ended`])];
      recordProof({
        id: `upgrade-${kind.name.toLowerCase()}`,
        chapter: 'Upgrades',
        act: `${version} → the working tree → ${version}, one of two servers after the other, on one ${kind.name}, ${PEOPLE} people refreshing without a pause`,
        rows: ['R-061', 'R-063'],
        times: replaced,
        of: 'replacements',
        violations,
        figures: { 'requests answered': load.acts() },
      });
      await fleet.stop();
      await view.close();
      await Promise.all([before.clean(), after.clean()]);
      expect(violations).toEqual([]);
    });
  },
);
