import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import { verifyDatabase } from './index.ts';

const EVENTS = 3_000;
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  const { database, announce } = server.house.ground;
  const request = { requestId: 'r', ip: '127.0.0.1', userAgent: '' };
  await database.write(async (tx) => {
    for (let i = 0; i < EVENTS; i++) await announce(tx, { name: 'login_failed', clientId: 'default', request });
  });
  await server.house.sealer.seal();
});
afterAll(() => server.close());

// T-085
test('a long log is verified a little at a time: others are answered meanwhile', async () => {
  let turns = 0;
  let isOver = false;
  const turn = () => {
    turns++;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  const verdict = await verifyDatabase(server.house.ground.database.read);
  isOver = true;
  expect(verdict).toMatchObject({ ok: true, size: expect.any(Number) });
  expect(turns).toBeGreaterThanOrEqual(5);
});
