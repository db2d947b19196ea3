import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { settings } from '../../src/config/settings.ts';
import { emailCodeLimits } from '../../src/identity/email-codes/index.ts';
import { type Answer, startTestServer, type TestServer } from '../kit/test-server.ts';

const page = readFileSync(new URL('../../../../SECURITY.md', import.meta.url), 'utf8');

interface Row {
  name: string;
  most: number;
  seconds: number;
  setting: string;
}

const rows: Row[] = [...page.matchAll(/^\| `([a-z-]+)` \| [^|]+ \| (\d+) \| (\d+) \| [^|]+ \| `(\w+)` \|$/gm)].map(
  ([, name = '', most, seconds, setting = '']) => ({ name, most: Number(most), seconds: Number(seconds), setting }),
);

const send = (server: TestServer, email: string) => server.ask('/email/start', { body: { email } });

/** What a limit counts, done once; `turn` keeps other limits out of the way. */
const actions: Record<string, (server: TestServer, turn: number) => Promise<Answer>> = {
  'email-address': (server) => send(server, 'ada@example.com'),
  'email-network': (server, turn) => send(server, `person-${turn}@example.com`),
  'sign-in-failures': (server, turn) =>
    server.ask('/email/verify', { body: { email: `person-${turn}@example.com`, code: '000000' } }),
};

/** A server whose only limit as it comes is `row`; the others are out of reach. */
function startWith(row: Row): Promise<TestServer> {
  const key = settings.find(({ env }) => env.some((name) => name === row.setting))?.key;
  if (!key) throw new Error(`SECURITY.md names a setting that does not exist: ${row.setting}`);
  return startTestServer({ settings: { [key]: String(row.most) } });
}

//
test('SECURITY.md lists every limit with the value and the window it has by default', () => {
  const { rateLimits } = loadConfig({ env: {}, readFile: () => null });
  const limits = Object.values(emailCodeLimits(rateLimits));
  const listed = rows.map(({ name, most, seconds }) => ({ name, most, windowSeconds: seconds }));
  expect(listed).toEqual(limits);
});

//
test.each(rows)('$name lets $most pass in $seconds seconds and refuses the next with Retry-After', async (row) => {
  const server = await startWith(row);
  const act = actions[row.name];
  if (!act) throw new Error(`nothing here exercises ${row.name}`);
  for (let turn = 0; turn < row.most; turn++) expect((await act(server, turn)).status).not.toBe(429);
  const refused = await act(server, row.most);
  expect(refused).toMatchObject({ status: 429, body: { error: 'rate_limited' } });
  const wait = Number(refused.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(row.seconds);
  server.clock.advance(wait * 1000);
  expect((await act(server, row.most + 1)).status).not.toBe(429);
  await server.close();
});
