import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorkplace } from '../../packages/server/test/kit/gatehouse-command.ts';
import { npm, type Packed, pack } from './pack.ts';
import { packageFolders, stagePackages } from './stage-packages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const MINUTES = 4 * 60_000;
const { version } = JSON.parse(readFileSync(join(root, 'packages/server/package.json'), 'utf8'));
const run = promisify(execFile);
const into = mkdtempSync(join(tmpdir(), 'gatehouse-packages-'));
let staged: string[];
let packed: Packed[];

beforeAll(async () => {
  staged = await stagePackages(root, into);
  packed = staged.map(pack);
}, MINUTES);
afterAll(() => rmSync(into, { recursive: true, force: true }));

describe.each(packageFolders.map((name, at) => ({ name, at })))('the package of packages/$name', ({ at }) => {
  test('holds what was built, and nothing of how', () => {
    const odd = packed[at]?.contents.filter(
      (path) => !/^(?:dist|bin|assets)\/|^[A-Z-]+(?:\.md)?$|^package\.json$/.test(path),
    );
    expect(odd).toEqual([]);
    expect(packed[at]?.contents.filter((path) => /\.test\.|tsconfig|(?<!\.d)\.ts$/.test(path))).toEqual([]);
    expect(packed[at]?.contents).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js']),
    );
  });

  test('is in order for publint', async () => {
    const pkgDir = staged[at] as string;
    const { messages, pkg } = await publint({ pkgDir, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg as Record<string, unknown>))).toEqual([]);
  });

  test(
    'has types that are right for who imports it',
    async () => {
      const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
      const args = [attw, packed[at]?.file ?? '', '--profile', 'esm-only', '--format', 'json'];
      const { stdout } = await run(process.execPath, args, { maxBuffer: 2 ** 26 }).catch((failed) => failed);
      const { analysis } = JSON.parse(stdout) as {
        analysis: { types: unknown; problems: { kind: string; resolutionKind?: string }[] };
      };
      expect(analysis.types).not.toBe(false);
      // Old resolutions are not for packages of ES modules alone.
      const modern = analysis.problems.filter((one) => !/^node10$|^node16-cjs$/.test(one.resolutionKind ?? ''));
      expect(modern).toEqual([]);
    },
    MINUTES,
  );
});

test(
  'the packed server, installed in an empty folder, serves',
  async () => {
    const folder = join(into, 'installed');
    const workplace = createWorkplace(join(folder, 'node_modules/gatehouse/bin/gatehouse.mjs'));
    try {
      const [protocol, server] = packed.map((one) => one.file);
      mkdirSync(folder);
      writeFileSync(join(folder, 'package.json'), '{"private":true}');
      npm(
        ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', `${protocol}`, `${server}`],
        folder,
      );
      expect((await workplace.run(['--version'])).stdout.trim()).toBe(version);
      const running = await workplace.start();
      expect((await fetch(`${running.url}/readyz`)).status).toBe(200);
      expect(await (await fetch(`${running.url}/login`)).text()).toContain('</html>');
      expect((await fetch(`${running.url}/gatehouse.js`)).status).toBe(200);
      const body = JSON.stringify({ email: 'ada@example.com' });
      const headers = { 'content-type': 'application/json' };
      expect((await fetch(`${running.url}/email/start`, { method: 'POST', headers, body })).status).toBe(200);
      expect((await running.end('SIGTERM')).exitCode).toBe(0);
    } finally {
      await workplace.clean();
    }
  },
  MINUTES,
);
