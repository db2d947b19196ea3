import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { databaseKinds } from '../kit/databases.ts';
import { createWorkplace, type Workplace } from '../kit/gatehouse-command.ts';
import { startSmtpPeer } from '../kit/smtp-peer.ts';

const CANARY = 'canary-b3f1-password';
const WAIT = { timeout: 15_000, interval: 100 };
let work: Workplace;

/** Runs a command that must succeed and answers its lines, split at tabs. */
async function lines(words: string[], environment?: Record<string, string>): Promise<string[][]> {
  const { exitCode, stdout, stderr } = await work.run(words, environment);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).not.toContain(CANARY);
  const all = stdout.split('\n').filter((line) => line !== '');
  return all.map((line) => line.split('\t'));
}

describe.each(databaseKinds())('on $name', (kind) => {
  let database: { url: string; forget(): void };
  let url: string;

  beforeEach(async () => {
    work = createWorkplace();
    database = await kind.create();
    url = database.url;
    await lines(['init', url]);
  });

  afterEach(async () => {
    await work.clean();
    database.forget();
  });

  test('an origin is added, listed, changed and deleted', async () => {
    const [[id = ''] = []] = await lines(['origin', 'add', url, '--value', 'HTTPS://App.Example.com:443/']);
    expect(await lines(['origin', 'list', url])).toEqual([
      [id, 'https://app.example.com', expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/)],
    ]);
    expect(await lines(['origin', 'update', url, '--id', id, '--value', 'http://localhost:5173'])).toEqual([]);
    expect((await lines(['origin', 'list', url]))[0]?.slice(0, 2)).toEqual([id, 'http://localhost:5173']);
    expect(await lines(['origin', 'delete', url, '--id', id])).toEqual([]);
    expect(await lines(['origin', 'list', url])).toEqual([]);
  });

  test('adding an origin twice answers the same id; changing one into another is refused', async () => {
    const add = (value: string) => lines(['origin', 'add', url, '--value', value]);
    const first = await add('https://a.example');
    expect(await add('https://a.example')).toEqual(first);
    const [[other = ''] = []] = await add('https://b.example');
    const { exitCode, stderr } = await work.run([
      'origin',
      'update',
      url,
      '--id',
      other,
      '--value',
      'https://a.example',
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('https://a.example is in the list already');
  });

  test('a running server lets a page in as soon as its origin is added', async () => {
    const server = await work.start([url]);
    const allowed = async () => {
      const headers = { origin: 'https://page.example', 'access-control-request-method': 'POST' };
      const answer = await fetch(`${server.url}/email/start`, { method: 'OPTIONS', headers });
      return answer.headers.get('access-control-allow-origin');
    };
    expect(await allowed()).toBeNull();
    await lines(['origin', 'add', url, '--value', 'https://page.example']);
    await vi.waitFor(async () => expect(await allowed()).toBe('https://page.example'), WAIT);
  });

  test('an SMTP server is added, listed without its password, changed and deleted', async () => {
    const words = ['--host', 'mail.example', '--port', '587', '--username', 'me', '--password', CANARY];
    const [[id = ''] = []] = await lines(['smtp', 'add', url, ...words, '--from-email', 'No@Example.com']);
    const listed = [id, 'mail.example', '587', 'me', 'no@example.com', '', '0', '1', '1'];
    expect(await lines(['smtp', 'list', url])).toEqual([listed]);
    const change = ['--secure', 'true', '--active', 'false', '--from-name', 'Example', '--weight', '3'];
    expect(await lines(['smtp', 'update', url, '--id', id, ...change])).toEqual([]);
    expect(await lines(['smtp', 'list', url])).toEqual([
      [id, 'mail.example', '587', 'me', 'no@example.com', 'Example', '1', '0', '3'],
    ]);
    expect(await lines(['smtp', 'delete', url, '--id', id])).toEqual([]);
    expect(await lines(['smtp', 'list', url])).toEqual([]);
  });

  test('keys rotate prints the new CURRENT, and a running server follows', async () => {
    const server = await work.start([url]);
    const published = async () => {
      const { keys } = (await (await fetch(`${server.url}/jwks`)).json()) as { keys: { kid: string }[] };
      return keys.map((key) => key.kid);
    };
    const [current = '', standby = ''] = await published();
    expect(await lines(['keys', 'rotate', url])).toEqual([[standby]]);
    await vi.waitFor(async () => expect((await published())[0]).toBe(standby), WAIT);
    expect(await published()).toEqual([standby, expect.any(String), current]);
    const slots = (await lines(['keys', 'list', url])).map((line) => [line[2], line[4] !== '']);
    expect(slots).toEqual([
      ['CURRENT', false],
      ['STANDBY', false],
      ['RETIRED', true],
    ]);
    expect((await server.end('SIGTERM')).exitCode).toBe(0);
  });
});

describe('what is refused', () => {
  beforeAll(async () => {
    work = createWorkplace();
    await lines(['init']);
  });

  afterAll(async () => {
    expect(await lines(['origin', 'list'])).toEqual([]);
    expect(await lines(['smtp', 'list'])).toEqual([]);
    await work.clean();
  });

  test.each([
    ['origin', 'update', '--id', 'x', '--value', 'https://a.example'],
    ['origin', 'delete', '--id', 'x'],
  ])('an unknown id: %s %s', async (...words) => {
    const outcome = await work.run(words);
    expect(outcome).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'Error: origin x not found\nSee: gatehouse origin list\n',
    });
  });

  test.each([
    ['smtp', 'update', '--id', 'x', '--weight', '1'],
    ['smtp', 'delete', '--id', 'x'],
    ['smtp', 'test', '--id', 'x'],
  ])('an unknown id: %s %s', async (...words) => {
    const stderr = 'Error: smtp config x not found\nSee: gatehouse smtp list\n';
    expect(await work.run(words)).toEqual({ exitCode: 1, stdout: '', stderr });
  });

  test.each(['https://a.example/path', 'ftp://a.example', 'null', '*', `https://me:${CANARY}@a.example`])(
    'a value that is no page origin, without repeating it: %s',
    async (value) => {
      const { exitCode, stdout, stderr } = await work.run(['origin', 'add', '--value', value]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toContain('is no page origin');
      expect(stderr).not.toContain(value);
    },
  );

  test.each([
    ['--port', '0'],
    ['--port', '65536'],
    ['--port', '1e3'],
    ['--from-email', 'a@b.example\r\nBcc: c@d.example'],
    ['--from-name', 'Me\nBcc: c@d.example'],
    ['--host', 'mail.example/x'],
    ['--weight', '-1'],
    ['--secure', 'maybe'],
    ['--password', 'two\nlines'],
  ])('a server with %s %j', async (option, value) => {
    const good = ['--host', 'mail.example', '--port', '587', '--from-email', 'a@b.example', '--username', 'me'];
    const words = ['smtp', 'add', ...good, '--password', CANARY, `${option}=${value}`];
    const { exitCode, stderr } = await work.run(words);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^Error: .* must be /);
    expect(stderr).not.toContain(CANARY);
  });

  test('a server that lacks what it needs', async () => {
    const { exitCode, stderr } = await work.run(['smtp', 'add', '--host', 'mail.example', '--port', '25']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Error: --from-email is missing');
  });
});

test('smtp test signs in with the password of a file or of the environment, and says who fails', async () => {
  work = createWorkplace();
  const peer = await startSmtpPeer();
  try {
    await lines(['init']);
    writeFileSync(join(work.folder, 'password'), 'right\n');
    const words = [
      '--host',
      '127.0.0.1',
      '--port',
      String(peer.port),
      '--from-email',
      'a@b.example',
      '--username',
      'sender',
    ];
    await lines(['smtp', 'add', ...words, '--password-file', 'password']);
    await lines(['smtp', 'add', ...words], { SMTP_PASSWORD: 'right' });
    expect((await lines(['smtp', 'test'])).map((line) => line[2])).toEqual(['ok', 'ok']);
    await lines(['smtp', 'add', ...words], { SMTP_PASSWORD: CANARY });
    const { exitCode, stdout, stderr } = await work.run(['smtp', 'test', '--verbose']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('refused the user name or password');
    expect(stdout + stderr).not.toContain(CANARY);
  } finally {
    await peer.close();
    await work.clean();
  }
});
