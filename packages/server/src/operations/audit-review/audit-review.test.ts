import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseKinds } from '../../../test/kit/databases.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import {
  readVerifierKey,
  type VerifierKey,
  verifyCheckpoint,
  verifyConsistency,
  verifyInclusion,
} from '../../platform/merkle-log/index.ts';
import { verifyDatabase, verifyExport } from '../transparency-log/index.ts';
import { exportEvents } from './export-events.ts';
import { readFilter } from './filter.ts';

const EVENTS = '/api/admin/audit-events';
const DAY = 86_400_000;

describe.each(databaseKinds())('the audit log on $name', (kind) => {
  let server: TestServer;
  let forget: () => void;
  let keys: VerifierKey[];

  beforeAll(async () => {
    const database = await kind.create();
    forget = database.forget;
    server = await startTestServer({ database: database.url, settings: { 'audit.retentionDays': '30' } });
    for (const name of ['ada', 'bob', 'cy']) await server.signIn(`${name}@example.com`);
    keys = (await get(`${EVENTS}/chain/keys`)).keys.map((text: string) => readVerifierKey(text));
  });
  afterAll(async () => {
    await server.close();
    forget();
  });

  const get = async (path: string) => (await server.askAsOwner(path)).body;
  const exported = async (query = '') => (await server.askAsOwner(`${EVENTS}/export?format=ndjson${query}`)).text;
  const linesOf = (text: string) =>
    (async function* () {
      yield* text.trimEnd().split('\n');
    })();
  const verify = (text: string, witnessed: string[] = []) => verifyExport(linesOf(text), { keys, witnessed });

  test('what just happened is found, newest first', async () => {
    await server.signIn('dora@example.com');
    const { items } = await get(`${EVENTS}?event_type=login_success&limit=2`);
    expect(items).toHaveLength(2);
    expect(items[0].seq).toBeGreaterThan(items[1].seq);
    expect(items[0]).toMatchObject({ event_type: 'login_success', client_id: 'default', legal_hold: false });
  });

  test('pages follow one another without gap or overlap', async () => {
    const whole = (await get(`${EVENTS}?to=2100-01-01&limit=1000&event_type=login_success`)).items;
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await get(`${EVENTS}?limit=1&event_type=login_success${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.items.map((event: { id: string }) => event.id));
      if (page.next_cursor === null) break;
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(whole.map((event: { id: string }) => event.id));
  });

  test.each([
    'client_id=another',
    'user_id=nobody',
    'actor_type=robot',
    'actor_id=nobody',
    'target_type=moon',
    'target_id=moon',
    'request_id=none',
    'from=2100-01-01',
    'to=1999-01-01',
    'legal_hold=true',
  ])('the filter %s lets nothing through', async (filter) => {
    expect((await get(`${EVENTS}?${filter}`)).items).toEqual([]);
  });

  test.each([
    ['unknown=1', 'unknown'],
    ['from=yesterday', 'from'],
    ['limit=0', 'limit'],
    ['cursor=!', 'cursor'],
    ['legal_hold=maybe', 'legal_hold'],
  ])('%s is refused, naming the field', async (query, field) => {
    const answer = await server.askAsOwner(`${EVENTS}?${query}`);
    expect([answer.status, answer.body.details[0].field]).toEqual([400, field]);
  });

  test('one event is found by its id, and another one is absent', async () => {
    const [event] = (await get(`${EVENTS}?event_type=login_success&limit=1`)).items;
    expect(await get(`${EVENTS}/${event.id}`)).toEqual(event);
    expect((await server.askAsOwner(`${EVENTS}/none`)).body.error).toBe('audit_event_not_found');
  });

  test('a stranger and a signed-in user see nothing', async () => {
    const { body } = await server.signIn('eve@example.com');
    expect((await server.ask(EVENTS)).status).toBe(401);
    expect((await server.ask(EVENTS, { token: body.access_token })).status).toBe(401);
    expect((await server.ask(EVENTS, { headers: { 'x-admin-key': 'guess' } })).status).toBe(401);
  });

  // T-073
  test('facts about the installation are filed under no product', async () => {
    const { items } = await get(`${EVENTS}?event_type=break_glass_used&limit=1`);
    expect(items[0].client_id).toBe('administrators');
    expect((await get(`${EVENTS}?event_type=break_glass_used&client_id=default`)).items).toEqual([]);
  });

  // A-112
  test('a whole export verifies offline with the public key alone', async () => {
    const { checkpoint } = await get(`${EVENTS}/chain/checkpoint`);
    await server.signIn('after@example.com');
    const verdict = await verify(await exported(), [checkpoint]);
    expect(verdict).toMatchObject({ ok: true, complete: true, broken: null });
    expect(verdict.size).toBe(verdict.checkpointedSize);
  });

  test.each<[string, (lines: string[]) => string[]]>([
    ['an edited event', (lines) => lines.map((line, at) => (at === 3 ? line.replace('"ip":"', '"ip":"6') : line))],
    ['a removed event', (lines) => lines.filter((_, at) => at !== 3)],
    ['swapped events', ([head = '', a = '', b = '', ...rest]) => [head, b, a, ...rest]],
    ['a cut end', (lines) => lines.slice(0, -1)],
    ['a line after the end', (lines) => [...lines, lines[3] ?? '']],
    ['no checkpoint', ([head = '', ...rest]) => [head.replace(/"checkpoint":"[^"]*"/, '"checkpoint":null'), ...rest]],
    ['no JSON', (lines) => [...lines.slice(0, 2), '{', ...lines.slice(3)]],
    ['another file', () => ['{"kind":"something"}']],
    ['nothing', () => ['']],
  ])('an export with %s does not verify', async (_what, change) => {
    const lines = (await exported()).trimEnd().split('\n');
    const verdict = await verify(change(lines).join('\n'));
    expect(verdict.ok).toBe(false);
    expect(verdict.broken?.problem).toBeTruthy();
  });

  test('a selection verifies event by event', async () => {
    const text = await exported('&event_type=login_success');
    expect(await verify(text)).toMatchObject({ ok: true, complete: false, broken: null });
    const changed = text.replace('"actor_type":"user"', '"actor_type":"root"');
    expect(await verify(changed)).toMatchObject({ ok: false, broken: { problem: 'the event was changed' } });
  });

  test('a selection of a log that was cut off is told by a later checkpoint', async () => {
    const text = await exported('&event_type=login_success');
    await server.signIn('later@example.com');
    const { checkpoint } = await get(`${EVENTS}/chain/checkpoint`);
    expect((await verify(text, [checkpoint])).broken?.problem).toContain('shorter than');
    expect((await verify(text, ['no checkpoint'])).ok).toBe(false);
  });

  test('CSV has a line for every event, and is what export means unless told', async () => {
    const answer = await server.askAsOwner(`${EVENTS}/export?event_type=login_success`);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const [header, ...lines] = answer.text.trimEnd().split('\r\n');
    expect(header).toMatch(/^seq,id,created_at/);
    expect(lines.length).toBe((await get(`${EVENTS}?event_type=login_success&limit=1000`)).items.length);
  });

  test('every event comes with a proof that it stands in the signed log', async () => {
    const [event] = (await get(`${EVENTS}?event_type=login_success&limit=1`)).items;
    const answer = await get(`${EVENTS}/${event.id}/proof`);
    const checkpoint = verifyCheckpoint(answer.checkpoint, keys);
    const proof = answer.proof.map((hash: string) => Buffer.from(hash, 'base64url'));
    const leaf = Buffer.from(answer.leaf_hash, 'base64url');
    const claim = { index: answer.seq, size: answer.tree_size, leaf, proof };
    expect(verifyInclusion({ ...claim, root: checkpoint?.root ?? Buffer.alloc(0) })).toBe(true);
  });

  test('an older checkpoint is proven to be continued', async () => {
    const before = await get(`${EVENTS}/chain/checkpoint`);
    await server.signIn('frieda@example.com');
    const after = await get(`${EVENTS}/chain/checkpoint`);
    const sizes = { oldSize: before.tree_size, newSize: after.tree_size };
    const { proof } = await get(`${EVENTS}/chain/consistency?from=${sizes.oldSize}&to=${sizes.newSize}`);
    const roots = [before, after].map((one) => verifyCheckpoint(one.checkpoint, keys)?.root ?? Buffer.alloc(0));
    const [oldRoot = Buffer.alloc(0), newRoot = Buffer.alloc(0)] = roots;
    const hashes = proof.map((hash: string) => Buffer.from(hash, 'base64url'));
    expect(verifyConsistency({ ...sizes, oldRoot, newRoot, proof: hashes })).toBe(true);
  });

  test.each(['from=0&to=1', 'from=2&to=1', 'from=1&to=999999'])('no consistency is proven for %s', async (query) => {
    expect((await server.askAsOwner(`${EVENTS}/chain/consistency?${query}`)).status).toBe(400);
  });

  // R330
  test('a purge removes what is over and not held, and the log still verifies', async () => {
    const [held] = (await get(`${EVENTS}?event_type=login_success&limit=1`)).items;
    const hold = { event_ids: [held.id], legal_hold: true, reason: 'case 7' };
    expect((await server.askAsOwner(`${EVENTS}/legal-hold`, { body: hold })).body).toEqual({ changed: 1 });
    server.clock.advance(31 * DAY);
    const dry = (await server.askAsOwner(`${EVENTS}/retention/purge`, { body: {} })).body;
    expect(dry).toMatchObject({ dry_run: true, held: 1, purge_ids: [] });
    expect(dry.expired).toBeGreaterThan(3);
    const done = (await server.askAsOwner(`${EVENTS}/retention/purge`, { body: { dry_run: false } })).body;
    expect(done).toMatchObject({ dry_run: false, expired: dry.expired, held: 1 });
    expect(await get(`${EVENTS}/${held.id}`)).toMatchObject({ legal_hold: true });
    expect((await get(`${EVENTS}/chain/verify`)).ok).toBe(true);
    const text = await exported();
    expect(await verify(text)).toMatchObject({ ok: true, purged: dry.expired });
    const forged = text.replace(/"kind":"purge","id":"[^"]+"/, '"kind":"purge","id":"another"');
    expect((await verify(forged)).ok).toBe(false);
  });

  // R330
  test('a purge while the log is verified or exported makes neither of them tell a lie', async () => {
    const { clock, database } = server.house.ground;
    const pieces = exportEvents({ clock, read: database.read }, { filter: readFilter({}, null), format: 'ndjson' });
    // Up to the first place of the log: the tombstones of before have been told.
    while (!String((await pieces.next()).value).includes('"seq":0'));
    await server.signIn('eve@example.com');
    await get(`${EVENTS}?limit=1`);
    server.clock.advance(31 * DAY);
    const verdict = verifyDatabase(database.read);
    await server.askAsOwner(`${EVENTS}/retention/purge`, { body: { dry_run: false } });
    expect(await verdict).toMatchObject({ ok: true });
    const rest = async () => {
      for await (const piece of pieces) expect(piece).not.toContain('"kind":"end"');
    };
    await expect(rest()).rejects.toThrow('export again');
  });

  test('a hold concerns all named events or none', async () => {
    const [event] = (await get(`${EVENTS}?limit=1`)).items;
    const body = { event_ids: [event.id, 'none'], legal_hold: true };
    expect((await server.askAsOwner(`${EVENTS}/legal-hold`, { body })).body.error).toBe('audit_event_not_found');
    expect((await get(`${EVENTS}/${event.id}`)).legal_hold).toBe(false);
  });

  test('a released hold no longer keeps an event', async () => {
    const held = (await get(`${EVENTS}?legal_hold=true`)).items.map((event: { id: string }) => event.id);
    const body = { event_ids: held, legal_hold: false };
    expect((await server.askAsOwner(`${EVENTS}/legal-hold`, { body })).body).toEqual({ changed: held.length });
    expect((await server.askAsOwner(`${EVENTS}/legal-hold`, { body })).body).toEqual({ changed: 0 });
    const dry = (await server.askAsOwner(`${EVENTS}/retention/purge`, { body: {} })).body;
    expect(dry).toMatchObject({ expired: held.length, held: 0 });
  });

  // A-112
  test('an event changed in the database is reported as the first broken entry', async () => {
    const [event] = (await get(`${EVENTS}?event_type=audit_purged&limit=1`)).items;
    const { database } = server.house.ground;
    const change = { ip: '6.6.6.6' };
    await database.write((tx) => tx.query.updateTable('audit_events').set(change).where('id', '=', event.id).execute());
    const verdict = await get(`${EVENTS}/chain/verify`);
    expect(verdict).toMatchObject({ ok: false, broken: { seq: event.seq, problem: 'the event was changed' } });
  });
});
