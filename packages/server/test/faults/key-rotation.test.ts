import { expect, onTestFinished, test } from 'vitest';
import { howOften, recordProof } from '../kit/proof.ts';
import { asAdmin, CLIENT, send } from './ledger/act.ts';
import { type Held, heldIn, refresh, signIn } from './ledger/acts.ts';
import { chooseSeed, createDraw } from './ledger/draw.ts';
import { firstCode } from './ledger/person.ts';
import { openSite, type Site } from './ledger/site.ts';

const EMAIL = 'keys@example.com';
const MOST_CALLS = 60;
const preload = new URL('../kit/kill-point.ts', import.meta.url).href;

/** Runs `gatehouse keys rotate`, to be killed at one of its calls to the database; the exit code, null when it was. */
async function rotate(site: Site, point = ''): Promise<number | null> {
  const environment = { ...site.environment, NODE_OPTIONS: `--import ${preload}`, KILL_AT: point };
  return (await site.workplace.run(['keys', 'rotate'], environment)).exitCode;
}

async function judgeKeys(site: Site, url: string, tokens: Iterable<string>): Promise<string[]> {
  const wrong: string[] = [];
  const slots = await site.view.rows<{ slot: string }>(
    "select slot from signing_keys where client_id is null and slot <> 'RETIRED'",
  );
  const inForce = slots.map(({ slot }) => slot).sort();
  if (inForce.join() !== 'CURRENT,STANDBY') wrong.push(`R-005 the keys in force are ${inForce.join(', ')}`);
  const { body } = await send(url, { method: 'GET', path: '/jwks' });
  if (body.keys.length === 0) wrong.push('R-005 the set of keys is empty');
  for (const bearer of tokens) {
    const { status } = await send(url, { method: 'GET', path: '/me', bearer });
    if (status !== 200) wrong.push(`R-005 a live token is answered ${status}`);
  }
  return wrong;
}

async function enter(site: Site, server: string): Promise<Held> {
  await send(server, { path: '/email/start', body: { email: EMAIL } });
  const code = await firstCode({ view: site.view, isOver: () => false }, EMAIL);
  return heldIn((await signIn({ server, ledger: site.ledger }, { email: EMAIL, code })).body);
}

//
// long: one rotation after another, in order
test('a rotation of keys that is killed leaves one active key, and every live token verifies', async () => {
  const times = howOften({ ci: 10, prove: 200 });
  const seed = chooseSeed();
  const draw = createDraw(seed);
  const site = await openSite({ database: null });
  onTestFinished(() => site.close());
  const { url } = await site.start();
  // Rotations that nobody is to wait for: each of the tokens outlives all of them.
  await send(url, {
    method: 'PATCH',
    path: CLIENT,
    body: { settings: { access_token_ttl_seconds: 86_400 } },
    headers: asAdmin,
  });
  let held = await enter(site, url);
  const tokens = new Set([held.access]);
  const violations: string[] = [];
  let kills = 0;
  while (kills < times) {
    const side = draw(2) === 0 ? 'before' : 'after';
    // What is beyond the last call rotates the keys in full, which the next one then finds.
    const exitCode = await rotate(site, `${1 + draw(MOST_CALLS)} ${side}`);
    if (exitCode === null) kills++;
    else if (exitCode !== 0) violations.push(`R-005 a rotation that nobody killed ended with ${exitCode}`);
    const { body } = await refresh({ server: url, ledger: site.ledger }, held);
    held = { ...held, refresh: body.refresh_token, access: body.access_token };
    tokens.add(held.access);
    violations.push(...(await judgeKeys(site, url, [...tokens].slice(-20))));
  }
  const last = await rotate(site);
  if (last !== 0) violations.push(`R-005 the rotation after all kills ended with ${last}`);
  violations.push(...(await judgeKeys(site, url, tokens)));
  const rotated = await site.view.rows("select id from audit_events where event_type = 'signing_key_rotated'");
  const keys = await site.view.rows('select kid from signing_keys where client_id is null');
  if (keys.length !== rotated.length + 2) violations.push(`I4 ${keys.length} keys came of ${rotated.length} rotations`);
  if (rotated.length === 0) violations.push('R-005 no rotation ever took place');
  recordProof({
    id: 'kill-key-rotation',
    chapter: 'Kills',
    act: 'The command that rotates the signing keys is killed with SIGKILL at one of its calls to the database, beside a server at work',
    rows: ['R-005', 'I4'],
    times: kills,
    of: 'kills',
    violations,
    figures: { 'rotations that took place': rotated.length, 'tokens verified': tokens.size },
  });
  expect(violations, `GATEHOUSE_SEED=${seed}`).toEqual([]);
});
