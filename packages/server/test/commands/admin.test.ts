import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeOf, stepAt } from '../../src/identity/totp/one-time-code.ts';
import { readBase32 } from '../kit/administrators.ts';
import { databaseKinds } from '../kit/databases.ts';
import { createWorkplace, type Workplace } from '../kit/gatehouse-command.ts';

const SECRET = { GATEHOUSE_SECRET: 'a secret for the commands of this test, long enough' };
const LINK = /^http:\/\/localhost:7777\/admin\/invitation\?token=(gh_ai_\S+)\n$/;
const PASSWORD = 'a tidy gatehouse at a command line';
let work: Workplace;

describe.each(databaseKinds())('administrators at the command line, on $name', (kind) => {
  let database: { url: string; forget(): void };

  beforeEach(async () => {
    work = createWorkplace();
    database = await kind.create();
    await run('init');
  });
  afterEach(async () => {
    await work.clean();
    database.forget();
  });

  const run = (...words: string[]) => {
    const [room = '', verb = '', ...rest] = words;
    return work.run([room, ...(verb ? [verb] : []), database.url, ...rest], SECRET);
  };
  const tokenIn = ({ stdout }: { stdout: string }) => LINK.exec(stdout)?.[1] ?? '';
  const list = async () =>
    (await run('admin', 'list')).stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('\t'));

  //
  test('the first administrator is made by a link that works once, and signs in', async () => {
    const created = await run('admin', 'create', '--email', 'Ada@Example.com');
    expect(created).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(LINK), stderr: '' });
    expect((await list())[0]?.slice(1, 5)).toEqual(['ada@example.com', 'owner', 'all', 'invited']);
    const server = await work.start([database.url], SECRET);
    const post = async (path: string, body: object) => {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const answer = await fetch(`${server.url}/api/admin/auth${path}`, init);
      return { status: answer.status, body: await answer.json() };
    };
    const accepted = (await post('/invitation', { token: tokenIn(created), password: PASSWORD })).body;
    const code = codeOf(readBase32(accepted.totp.secret), stepAt(Date.now()));
    const confirm = { challenge_token: accepted.challenge_token, code };
    expect((await post('/invitation/confirm', confirm)).status).toBe(200);
    const signedIn = await post('/login', { email: 'ada@example.com', password: PASSWORD });
    expect(signedIn.body.status).toBe('mfa_required');
    expect((await list())[0]?.[4]).toBe('active');
    await server.end('SIGTERM');
  });

  test('somebody who lost everything gets a new link, and the one before is void', async () => {
    const first = tokenIn(await run('admin', 'create', '--email', 'lost@example.com', '--role', 'support_admin'));
    const reset = await run('admin', 'reset', '--email', 'lost@example.com');
    expect(reset).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(LINK) });
    expect(tokenIn(reset)).not.toBe(first);
  });

  test('an administrator of one client is made by naming it', async () => {
    await run(
      'admin',
      'create',
      '--email',
      'one@example.com',
      '--role',
      'support_admin,billing_admin',
      '--client',
      'default',
    );
    expect((await list())[0]?.slice(2, 4)).toEqual(['support_admin,billing_admin', 'client:default']);
  });

  test.each([
    [['create', '--email', 'nobody'], 'no e-mail address'],
    [['create', '--email', 'a@example.com', '--role', 'root'], 'no role root'],
    [['create', '--email', 'a@example.com', '--client', 'absent'], 'no client absent'],
    [['create', '--email', 'a@example.com', '--client', 'administrators'], 'no client administrators'],
    [['create'], '--email'],
    [['reset', '--email', 'nobody@example.com'], 'nobody with this address'],
  ])('admin %j fails with a sentence', async (words, sentence) => {
    const { exitCode, stdout, stderr } = await run('admin', ...words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(sentence);
  });

  test('nobody is invited twice', async () => {
    await run('admin', 'create', '--email', 'twice@example.com');
    expect(await run('admin', 'create', '--email', 'twice@example.com')).toMatchObject({ exitCode: 1, stdout: '' });
  });
});
