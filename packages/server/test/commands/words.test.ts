import { afterEach, beforeEach, expect, test } from 'vitest';
import { version } from '../../src/version.ts';
import { createWorkplace, type Workplace } from '../kit/gatehouse-command.ts';

let work: Workplace;

beforeEach(() => {
  work = createWorkplace();
});

afterEach(() => work.clean());

test.each(['--version', '-v'])('%s prints the version and nothing else', async (word) => {
  expect(await work.run([word])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

test('the version is printed without loading the server', async () => {
  const hook =
    "import{registerHooks}from'node:module';registerHooks({load:(u,c,n)=>(process.stderr.write(u+'\\n'),n(u,c))})";
  const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(hook)}`;
  const { stdout, stderr } = await work.run(['--version'], { NODE_OPTIONS });
  expect(stdout).toBe(`${version}\n`);
  expect(stderr).toContain('/commander/');
  expect(stderr).not.toMatch(/src\/server\.ts|src\/config|fastify|kysely/);
});

test('the help names every command and every global option', async () => {
  const { exitCode, stdout } = await work.run(['--help']);
  expect(exitCode).toBe(0);
  for (const word of [
    'init',
    'start',
    'clients',
    'config',
    'origin',
    'smtp',
    'keys',
    'migrate',
    'backup',
    'doctor',
    '--verbose',
    '--config',
  ]) {
    expect(stdout).toContain(word);
  }
});

test('the help of smtp says that a password on the command line can be seen', async () => {
  const { stdout } = await work.run(['smtp', 'add', '--help']);
  expect(stdout).toContain('list of processes');
  expect(stdout).toContain('SMTP_PASSWORD');
});

test.each([
  [['strat'], "unknown command 'strat'"],
  [['start', '--prot', '1'], "unknown option '--prot'"],
  [['origin', 'add'], "required option '--value <origin>' not specified"],
])('wrong words are answered with one sentence and a hint: %j', async (words, sentence) => {
  const { exitCode, stdout, stderr } = await work.run(words);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toContain(`Error: ${sentence}`);
  expect(stderr).toContain('See: gatehouse --help');
  expect(stderr).not.toContain('    at ');
});

test('a misspelt option does not repeat the secret it was given', async () => {
  const { exitCode, stderr } = await work.run(['smtp', 'add', "--pasword=canary'secret"]);
  expect(exitCode).toBe(1);
  expect(stderr).not.toContain('canary');
});

test('all mistakes of the configuration are named with an example each', async () => {
  const { exitCode, stderr } = await work.run(['start', '--port', 'abc', '--workers', '0', '--issuer', 'nowhere']);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/PORT: .* \(for example: 8080\)/);
  expect(stderr).toMatch(/WORKERS: .* \(for example: 4\)/);
  expect(stderr).toMatch(/AUTH_ISSUER: .* \(for example: https:\/\/auth\.example\.com\)/);
});

test('--config names the YAML file, before or after the command', async () => {
  const first = await work.run(['--config', 'missing.yaml', 'init']);
  const second = await work.run(['init', '--config', 'missing.yaml']);
  expect(first.stderr).toContain('--config: names a file that cannot be read');
  expect(second).toEqual(first);
});
