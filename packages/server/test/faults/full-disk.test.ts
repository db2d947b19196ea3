import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../kit/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Lets the file grow to so many pages and no further, as a disk of that size would. */
const limitPages = (pages: number) =>
  server.house.ground.database.write((tx) => sql.raw(`pragma max_page_count = ${pages}`).execute(tx.query));

test('on a full disk writes are refused as unavailable, reads go on, and nothing answered is lost', async () => {
  const tokens = (await server.signIn('before@example.com')).body;
  await limitPages(1);
  const refused = [];
  for (let i = 0; i < 60; i++) {
    const answer = await server.ask('/email/start', { body: { email: `full${i}@example.com` } });
    if (answer.status !== 200) refused.push(answer);
  }
  expect(refused.length).toBeGreaterThan(0);
  for (const answer of refused) {
    expect(answer.status).toBe(503);
    expect(answer.body.error).toBe('temporarily_unavailable');
    expect(answer.headers.get('retry-after')).toBe('5');
  }
  expect((await server.ask('/jwks')).status).toBe(200);
  expect((await server.ask('/me', { token: tokens.access_token })).status).toBe(200);
  await limitPages(1_000_000);
  const { session_id, refresh_token } = tokens;
  expect((await server.ask('/session/refresh', { body: { session_id, refresh_token } })).status).toBe(200);
  expect((await server.signIn('after@example.com')).status).toBe(200);
});
