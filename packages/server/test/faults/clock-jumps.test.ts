import { expect, onTestFinished, test } from 'vitest';
import { verifyDatabase } from '../../src/operations/transparency-log/index.ts';
import { createAdministrator, login, nextCode, type Person } from '../kit/administrators.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { howOften, recordProof } from '../kit/proof.ts';
import { startTestServer, type TestServer } from '../kit/test-server.ts';
import { chooseSeed, createDraw } from './ledger/draw.ts';

const HOUR = 3_600_000;
/** As far as clocks may differ: what comes from further ahead is no token of this world. */
const SKEW_MS = 60_000;
const NODES_APART_MS = 4_000;
const JUMPS = [HOUR, -HOUR, 24 * HOUR, -24 * HOUR, -SKEW_MS - 1_000, NODES_APART_MS, -NODES_APART_MS];

type Tokens = { access_token: string; refresh_token: string; session_id: string };

async function judgeLog({ house }: TestServer): Promise<string[]> {
  await house.sealer.seal();
  const { broken } = await verifyDatabase(house.ground.database.read);
  return broken ? [`I4 the log is broken at ${broken.seq}: ${broken.problem}`] : [];
}

/** Presents a code of an administrator's app a second time, after the clock has moved. */
async function replayCode(server: TestServer, { email }: Person, code: string): Promise<string[]> {
  const entered = await login(server, email);
  if (entered.status !== 200) return [`R-040 a right password is answered ${entered.status}`];
  const { challenge_token } = entered.body;
  const { status, body } = await server.ask('/api/admin/auth/mfa', { body: { challenge_token, code } });
  // Any other refusal would say nothing about the code.
  if (status >= 400 && body.error === 'invalid_admin_factor') return [];
  return [`A-023 a code of an authenticator app that was used is answered ${status} ${body.error}`];
}

/** What a token is worth after a jump of `ms`: nothing when it comes from further ahead than clocks differ. */
async function judgeToken(server: TestServer, { access_token: token }: Tokens, ms: number): Promise<string[]> {
  const { status } = await server.ask('/me', { token });
  const isFromFuture = -ms > SKEW_MS;
  const hasExpired = ms >= 900_000;
  const wanted = isFromFuture || hasExpired ? 401 : 200;
  return status === wanted ? [] : [`R-040 a token is answered ${status} after a jump of ${ms} ms`];
}

//
test('whichever way the clock jumps, no code works twice, no token comes from the future, and the log goes on', async () => {
  const times = howOften({ ci: 24, prove: 1_000 });
  const seed = chooseSeed();
  const draw = createDraw(seed);
  const clock = createFakeClock();
  const server = await startTestServer({ clock });
  onTestFinished(() => server.close());
  const violations: string[] = [];
  for (let time = 0; time < times; time++) {
    const person = await createAdministrator(server, `admin${time}@example.com`);
    const { challenge_token } = (await login(server, person.email)).body;
    const code = nextCode(server, person.secret);
    const entered = await server.ask('/api/admin/auth/mfa', { body: { challenge_token, code } });
    if (entered.status !== 200) violations.push(`R-040 a right code is answered ${entered.status}`);
    const tokens = (await server.signIn(`user${time}@example.com`)).body as Tokens;
    const ms = JUMPS[draw(JUMPS.length)] ?? 0;
    clock.advance(ms);
    violations.push(...(await judgeToken(server, tokens, ms)), ...(await replayCode(server, person, code)));
    const { session_id, refresh_token } = tokens;
    const refreshed = await server.ask('/session/refresh', { body: { session_id, refresh_token } });
    if (refreshed.status !== 200) violations.push(`R-040 a refresh is answered ${refreshed.status} after ${ms} ms`);
    clock.advance(-ms);
    violations.push(...(await replayCode(server, person, code)), ...(await judgeLog(server)));
  }
  recordProof({
    id: 'clock-jumps',
    chapter: 'Faults',
    act: 'The clock of the server jumps by seconds, a minute, an hour or a day, forth or back, and back again; codes and tokens of before are presented',
    rows: ['R-040', 'A-023', 'I4', 'I6'],
    times: 2 * times,
    of: 'jumps',
    violations,
  });
  expect(violations, `GATEHOUSE_SEED=${seed}`).toEqual([]);
});
