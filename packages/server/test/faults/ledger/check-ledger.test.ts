// A check that finds nothing proves nothing unless it would have found something: here each promise is broken by hand.
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openView } from '../../kit/database-view.ts';
import { until } from '../../kit/until.ts';
import { checkDeliveries, checkLedger } from './check-ledger.ts';
import { createDraw } from './draw.ts';
import type { Act } from './ledger.ts';
import { createLoad, type Load } from './load.ts';
import { probeServer } from './probe-server.ts';
import { type Facts, readFacts } from './read-facts.ts';
import { openSite, type Site } from './site.ts';

const ANSWERS = 400;
const SEED = 4;

let site: Site;
let load: Load;
let acts: Act[];
let file: string;
let copy: string;

beforeAll(async () => {
  site = await openSite({ database: null });
  load = createLoad({ ...site, draw: createDraw(SEED), people: 8 });
  const server = await site.start();
  const working = load.start(server.url);
  await until(() => site.ledger.answers() >= ANSWERS, working.done);
  await working.stop();
  await server.end('SIGTERM');
  acts = site.ledger.read();
  file = join(site.workplace.folder, 'gatehouse.sqlite');
  copy = join(site.workplace.folder, 'falsified.sqlite');
});
afterAll(() => site.close());

/** The facts of the database after somebody meddled with a copy of it. */
async function factsAfter(statements: string): Promise<Facts> {
  expect(existsSync(`${file}-wal`), 'the server has put everything into the one file').toBe(false);
  copyFileSync(file, copy);
  const db = new DatabaseSync(copy, { enableForeignKeyConstraints: false });
  db.exec(statements);
  db.close();
  return readFacts(openView(copy));
}

const idsOf = (of: readonly Act[], name: 'session' | 'passkey' | 'user') =>
  of.map((act) => `'${act.about[name]}'`).join();
const answered = (op: Act['op']) => acts.filter((act) => act.op === op && act.outcome === 'answered');
const first = (op: Act['op']) => answered(op).slice(0, 1);
const eventOfFirst = (op: Act['op']) => `request_id = '${first(op)[0]?.requestId}'`;

/** A refresh whose session was let be afterwards. */
function lastRefresh(): Act {
  const touched = (of: Act['about'], after: number) =>
    acts
      .slice(after + 1)
      .some(({ about, op }) => (op === 'suspend' ? about.user === of.user : about.session === of.session));
  const found = acts.findLast(
    (act, at) => act.op === 'refresh' && act.outcome === 'answered' && !touched(act.about, at),
  );
  if (!found) throw new Error('the load left no session alone');
  return found;
}

test('the books agree when nobody meddled with them', async () => {
  expect(checkLedger(acts, await factsAfter('select 1'))).toEqual([]);
  for (const op of ['sign_in', 'passkey_sign_in', 'refresh', 'sign_out', 'revoke', 'suspend', 'add_passkey'] as const) {
    expect(answered(op).length, op).toBeGreaterThan(0);
  }
});

const lies: { title: string; sql: () => string; told: RegExp }[] = [
  {
    title: 'a refresh that was lost',
    sql: () => `update sessions set refresh_hash = previous_hash where id = '${lastRefresh().about.session}'`,
    told: /^I1 the newest token of session/,
  },
  {
    title: 'a session that ended by itself',
    sql: () => `update sessions set ended_at = 1 where id = '${lastRefresh().about.session}'`,
    told: /^I1 session .* ended by itself/,
  },
  {
    title: 'a passkey that was lost',
    sql: () => `delete from passkeys where id in (${idsOf(answered('add_passkey'), 'passkey')})`,
    told: /^I2 passkey .* is gone/,
  },
  {
    title: 'a session that rose again after a sign-out',
    sql: () => `update sessions set ended_at = null where id in (${idsOf(first('sign_out'), 'session')})`,
    told: /^I3 session .* lives after sign_out/,
  },
  {
    title: 'a session that rose again after an administrator ended it',
    sql: () => `update sessions set ended_at = null where id in (${idsOf(first('revoke'), 'session')})`,
    told: /^I3 session .* lives after revoke/,
  },
  {
    title: 'a suspended user who is active again',
    sql: () => `update users set status = 'active' where id in (${idsOf(first('suspend'), 'user')})`,
    told: /^I3 user .* is active after a suspension/,
  },
  {
    title: 'a session that a suspension forgot',
    sql: () => `update sessions set ended_at = null where user_id in (${idsOf(first('suspend'), 'user')})`,
    told: /^I3 session .* of a suspended user lives/,
  },
  {
    title: 'a removed passkey that is back',
    sql: () => {
      const [removal] = first('remove_passkey');
      return `update passkeys set id = '${removal?.about.passkey}' where id = (select max(id) from passkeys)`;
    },
    told: /^I3 passkey .* is back/,
  },
  {
    title: 'an answer without its event',
    sql: () => `delete from audit_events where ${eventOfFirst('revoke')}`,
    told: /^I4 revoke .* has 0 events/,
  },
  {
    title: 'a refresh without its event',
    sql: () => `delete from audit_events where ${eventOfFirst('refresh')}`,
    told: /^I4 the token of refresh .* has 0 events/,
  },
  {
    title: 'an event under the id of another request',
    sql: () => `update audit_events set request_id = 'another' where ${eventOfFirst('suspend')}`,
    told: /^I4 suspend .* has 0 events/,
  },
  {
    title: 'an event that was written twice',
    sql: () => {
      const columns =
        'client_id, user_id, event_type, actor_type, actor_id, target_type, target_id, request_id, ip, user_agent, metadata, created_at, retention_until';
      const twin = `select 'twin', ${columns} from audit_events where event_type = 'session_refreshed' limit 1`;
      return `insert into audit_events (id, ${columns}) ${twin}`;
    },
    told: /^I4 the token of refresh .* has 2 events/,
  },
  {
    title: 'a session without a user',
    sql: () => `delete from users where id in (${idsOf(first('sign_in'), 'user')})`,
    told: /^I8 .* belongs to nobody/,
  },
  {
    title: 'a session that vanished',
    sql: () => `delete from sessions where id in (${idsOf(first('sign_in'), 'session')})`,
    told: /^I8 session .* was started and is not there/,
  },
  {
    title: 'a user whom nobody made',
    sql: () =>
      `delete from audit_events where id = (select min(id) from audit_events where event_type = 'user_created')`,
    told: /^I8 user .* was never created/,
  },
];

test.each(lies)('$title is told', async ({ sql, told }) => {
  const violations = checkLedger(acts, await factsAfter(sql()));
  expect(violations).toContainEqual(expect.stringMatching(told));
});

/** The ledger with one act changed. */
const withAct = (act: Act | undefined, change: Partial<Act>) =>
  acts.map((one) => (one === act ? { ...one, ...change } : one));

const halves: { title: string; op: Act['op']; sql: (act: Act) => string }[] = [
  {
    title: 'a sign-in that left a session and no event',
    op: 'sign_in',
    sql: (act) => `delete from audit_events where user_agent = 'act/${act.id}' and event_type = 'login_success'`,
  },
  {
    title: 'a sign-in that left an event and no session',
    op: 'sign_in',
    sql: (act) => `delete from sessions where id = '${act.about.session}'`,
  },
  {
    title: 'a sign-out that left an event and a session',
    op: 'sign_out',
    sql: (act) => `update sessions set ended_at = null where id = '${act.about.session}'`,
  },
  {
    title: 'a revocation that left no event',
    op: 'revoke',
    sql: (act) => `delete from audit_events where user_agent = 'act/${act.id}'`,
  },
  {
    title: 'a suspension that left a session',
    op: 'suspend',
    sql: (act) => `update sessions set ended_at = null where user_id = '${act.about.user}'`,
  },
];

test.each(halves)('$title is told, although nobody was answered', async ({ op, sql }) => {
  const [act] = first(op);
  if (!act) throw new Error(`the load has no ${op}`);
  const doubtful = withAct(act, { outcome: 'in doubt' });
  expect(checkLedger(doubtful, await factsAfter('select 1'))).toEqual([]);
  const told = new RegExp(`^I5 ${op} ${act.id} `);
  expect(checkLedger(doubtful, await factsAfter(sql(act)))).toContainEqual(expect.stringMatching(told));
});

test('a code that signed in twice, a token with two successors and a refusal are told', async () => {
  const facts = await factsAfter('select 1');
  const [entered] = first('sign_in');
  const [rotated] = first('refresh');
  if (!entered || !rotated) throw new Error('the load has no sign-in or no refresh');
  const twice = [
    ...acts,
    { ...entered, id: 'twice' },
    { ...rotated, id: 'two', about: { ...rotated.about, newToken: 'rt_x.y' } },
  ];
  expect(checkLedger(twice, facts)).toContainEqual(expect.stringMatching(/^I6 the code .* 2 times/));
  expect(checkLedger(twice, facts)).toContainEqual(expect.stringMatching(/^I7 the token .* 2 successors/));
  const refused = withAct(rotated, { outcome: 'refused', refusal: '401 session_invalidated' });
  expect(checkLedger(refused, facts)).toContainEqual(expect.stringMatching(/^I1 refresh .* was refused: 401/));
});

test('an event that no receiver heard of is told', async () => {
  const facts = await factsAfter('select 1');
  const heard = new Set(facts.events.slice(1).map((event) => event.id));
  expect(checkDeliveries(facts, heard)).toEqual([expect.stringMatching(/^I9 nobody was told of/)]);
});

test('a server on a falsified database gives itself away to those who ask it', async () => {
  const db = new DatabaseSync(file);
  db.exec(`update sessions set ended_at = null, expires_at = expires_at + 1;
    update users set status = 'active';
    update sessions set refresh_hash = 'lost' where id = '${lastRefresh().about.session}';
    update email_codes set consumed_at = null, attempts = 0;
    delete from passkeys where id in (select id from passkeys order by id limit 5);
    create trigger lasting_challenges after delete on passkey_challenges begin
      insert into passkey_challenges (id, client_id, purpose, user_id, challenge_hash, origin, rp_id, expires_at)
      values (old.id, old.client_id, old.purpose, old.user_id, old.challenge_hash, old.origin, old.rp_id, old.expires_at);
    end`);
  db.close();
  const server = await site.start();
  const complaints = await probeServer({ url: server.url, acts, memory: load.memory });
  const broken = new Set(complaints.map((complaint) => complaint.slice(0, 2)));
  expect([...broken].sort()).toEqual(['I1', 'I2', 'I3', 'I6']);
  expect(complaints).toContainEqual(expect.stringMatching(/^I6 a used code answers/));
  expect(complaints).toContainEqual(expect.stringMatching(/^I6 a challenge was taken twice/));
});
