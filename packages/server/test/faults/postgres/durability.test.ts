import { afterAll, describe, expect, inject, test } from 'vitest';
import { createWorkplace } from '../../kit/gatehouse-command.ts';
import { createDatabase } from '../../kit/postgres.ts';

const postgres = inject('postgresUrl');
const workplace = createWorkplace();
afterAll(() => workplace.clean());

/** A way to a database whose sessions run with a setting. */
async function withSetting(setting: string) {
  const url = new URL(await createDatabase(postgres ?? ''));
  url.searchParams.set('options', `-c ${setting}`);
  return { DATABASE_URL: url.href, AUTH_ISSUER: 'http://localhost:7777' };
}

// That the server of a test run has fsync off is a finding of its own, and not of these tests.
describe.skipIf(postgres === null)('a Postgres that answers before it has flushed', () => {
  test('is told of when the server starts', async () => {
    const server = await workplace.start([], await withSetting('synchronous_commit=off'));
    const { stdout } = await server.end('SIGTERM');
    expect(stdout).toMatch(/"level":"warn".*"database\.not_durable".*synchronous_commit/);
  });

  test('is told of by the doctor, and one that flushes is not', async () => {
    const told = async (setting: string) => {
      const environment = await withSetting(setting);
      await workplace.run(['init'], environment);
      const { stdout } = await workplace.run(['doctor', '--json'], environment);
      const { checks } = JSON.parse(stdout) as { checks: { check: string; status: string; message: string }[] };
      return checks.find((one) => one.check === 'durability')?.message;
    };
    expect(await told('synchronous_commit=off')).toContain('synchronous_commit');
    expect(await told('synchronous_commit=on')).not.toContain('synchronous_commit');
  });
});
