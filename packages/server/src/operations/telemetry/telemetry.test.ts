import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await scrape();
});
afterAll(() => server.close());

async function scrape(): Promise<string> {
  return (await server.askAsOwner('/api/admin/metrics')).text;
}

/** The value of the one line that begins with `name` and holds every part. */
async function sampleOf(name: string, ...parts: string[]): Promise<number> {
  const samples = (await scrape()).split('\n').filter((one) => one.startsWith(name));
  const found = samples.find((one) => parts.every((part) => one.includes(part)));
  return found === undefined ? Number.NaN : Number(found.split(' ').at(-1));
}

// R501
test('metrics are Prometheus text behind the door of administrators', async () => {
  expect((await server.ask('/api/admin/metrics')).status).toBe(401);
  const { headers, text } = await server.askAsOwner('/api/admin/metrics');
  expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(text).toContain('# TYPE gatehouse_http_request_duration_seconds histogram');
});

test('requests are counted by the pattern of their route', async () => {
  await server.signIn('ada@example.com');
  expect(await sampleOf('gatehouse_http_request_duration_seconds_count', 'route="/email/verify"', 'status="200"')).toBe(
    1,
  );
});

test('sign-ins are counted by method and outcome', async () => {
  const before = await sampleOf('gatehouse_sign_ins_total', 'outcome="success"', 'method="email_code"');
  await server.signIn('bob@example.com');
  expect(await sampleOf('gatehouse_sign_ins_total', 'outcome="success"', 'method="email_code"')).toBe(before + 1);
  await server.ask('/email/start', { body: { email: 'cy@example.com' } });
  const code = (await server.codeFor('cy@example.com')) === '000000' ? '000001' : '000000';
  await server.ask('/email/verify', { body: { email: 'cy@example.com', code } });
  expect(await sampleOf('gatehouse_sign_ins_total', 'outcome="failure"', 'method="email_code"')).toBe(1);
});

test('what waits is told', async () => {
  await server.ask('/email/start', { body: { email: 'dora@example.com' } });
  expect(await sampleOf('gatehouse_jobs{', 'state="waiting"')).toBeGreaterThan(0);
  await server.house.ground.jobs.drain();
  expect(await sampleOf('gatehouse_jobs{', 'state="waiting"')).toBeNaN();
  await server.house.sealer.seal();
  // The scrape itself is written down: it used the break-glass key.
  expect(await sampleOf('gatehouse_audit_unsealed_events')).toBe(1);
});

test('what waits to leave the house is told', async () => {
  expect(await sampleOf('gatehouse_webhook_deliveries_pending')).toBe(0);
  const { database, clock } = server.house.ground;
  const row = {
    id: 'stdout',
    cursor_seq: 0,
    lease_id: null,
    leased_until: 0,
    failures: 0,
    retry_at: 0,
    last_error: null,
  };
  await database.write((tx) =>
    tx.query
      .insertInto('log_streams')
      .values({ ...row, updated_at: clock.now() })
      .execute(),
  );
  await server.house.sealer.seal();
  expect(await sampleOf('gatehouse_log_stream_lag_events', 'stream="stdout"')).toBeGreaterThan(0);
});

test('keys have an age', async () => {
  const before = await sampleOf('gatehouse_signing_key_age_seconds', 'slot="CURRENT"');
  server.clock.advance(3_600_000);
  expect(await sampleOf('gatehouse_signing_key_age_seconds', 'slot="CURRENT"')).toBe(before + 3600);
});

// R501
test('the dashboard in docs/ shows only what is measured', async () => {
  const dashboard = readFileSync(new URL('../../../../../docs/grafana-dashboard.json', import.meta.url), 'utf8');
  const { panels } = JSON.parse(dashboard) as { panels: { targets: { expr: string }[] }[] };
  const text = await scrape();
  const measured = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  const shown = panels.flatMap(({ targets }) =>
    targets.flatMap(({ expr }) => expr.match(/\b(gatehouse|process|nodejs)_[a-z0-9_]+/g) ?? []),
  );
  expect(shown.length).toBeGreaterThanOrEqual(panels.length);
  expect(shown.filter((name) => !measured.has(name.replace(/_(bucket|count)$/, '')))).toEqual([]);
});
