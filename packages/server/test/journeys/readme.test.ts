import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRunningClock } from '../kit/running-clock.ts';
import { startTestServer, type TestServer } from '../kit/test-server.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');

let server: TestServer;
let shell: Shell;

beforeAll(async () => {
  server = await startTestServer({ clock: createRunningClock() });
  shell = openShell();
});

afterAll(async () => {
  shell.close();
  await server.close();
});

interface Shell {
  /** Runs lines in the one shell that all blocks share, as a reader's terminal would. */
  run(lines: string): Promise<{ exitCode: number; output: string }>;
  close(): void;
}

const END = '<<end of block>>';

function openShell(): Shell {
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`;
  const child = spawn('bash', ['--noprofile', '--norc'], { cwd: root, env: { ...process.env, PATH } });
  return { run: (lines) => runIn(child, lines), close: () => child.kill() };
}

function runIn(child: ChildProcessWithoutNullStreams, lines: string): Promise<{ exitCode: number; output: string }> {
  return new Promise((resolve, reject) => {
    let output = '';
    const take = (part: Buffer) => {
      output += part;
      const end = new RegExp(`${END} (\\d+)\\n`).exec(output);
      if (!end) return;
      child.stdout.off('data', take);
      resolve({ exitCode: Number(end[1]), output: output.slice(0, end.index) });
    };
    child.stdout.on('data', take);
    child.once('exit', () => reject(new Error(`the shell ended: ${output}`)));
    child.stdin.write(`{ ${lines}\n} 2>&1\necho "${END} $?"\n`);
  });
}

/** The blocks of commands; those marked `no-run` start servers or test runs of their own. */
function blocksOf(markdown: string): { runs: boolean; lines: string }[] {
  return [...markdown.matchAll(/^```sh( no-run)?\n(.*?)^```$/gms)].map(([, mark, lines = '']) => ({
    runs: mark === undefined,
    lines,
  }));
}

test('the commands of the README lead from a code to a verified token and out again', async () => {
  const outputs: string[] = [];
  for (const { lines } of blocksOf(readme).filter((block) => block.runs)) {
    const code = lines.includes('123456') ? await server.codeFor('ada@example.com') : '';
    const real = lines.replaceAll('http://localhost:7777', server.url).replaceAll('123456', code);
    const { exitCode, output } = await shell.run(real);
    expect(exitCode, `${lines}\n${output}`).toBe(0);
    outputs.push(output);
  }
  const [ready, sent, signedIn, me, verified, out] = outputs;
  expect(ready).toContain('{"status":"ok"}');
  expect(sent).toContain('{"ok":true}');
  const { user } = JSON.parse(signedIn ?? '');
  expect(JSON.parse(me ?? '')).toMatchObject({ user_id: user.id, email: 'ada@example.com' });
  expect(verified).toContain(`userId: '${user.id}'`);
  expect(out).toContain('{"ok":true}');
  expect(outputs).toHaveLength(6);
});

test('every command that the README does not run is one of npm’s in package.json', () => {
  const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const lines = blocksOf(readme).flatMap((block) => (block.runs ? [] : block.lines.trim().split('\n')));
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(Object.keys(scripts)).toContain(/^npm (\w+)/.exec(line)?.[1]);
});
