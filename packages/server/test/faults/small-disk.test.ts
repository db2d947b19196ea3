import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { howOften, recordProof } from '../kit/proof.ts';
import { send } from './ledger/act.ts';
import { EVERY } from './ledger/check-ledger.ts';
import { figuresOf, type Outage, survive, TURNED_AWAY } from './ledger/outage.ts';

const SIZE = '24m';
const BLOCK = Buffer.alloc(4096);
const LONGEST_MS = 5_000;

/** A file system of a few megabytes; null where this user may not make one. */
function mountSmallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder], { stdio: 'pipe' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
}

function unmount(folder: string): void {
  execFileSync('umount', ['--lazy', folder]);
  rmSync(folder, { recursive: true });
}

/** Leaves no room on the disk of a file. */
function fillWith(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (;;) writeSync(file, BLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}

/** What only reads goes on as if nothing were. */
async function judgeReads({ server, violations }: Outage): Promise<void> {
  for (const path of ['/jwks', '/healthz', '/login']) {
    const { status } = await fetch(server.url + path);
    if (status !== 200) violations.push(`R-016 ${path} is answered ${status} on a full disk`);
  }
}

async function judgeRefusal({ server, violations }: Outage): Promise<void> {
  const body = { email: 'full@example.com' };
  const { status, body: answer } = await send(server.url, { path: '/email/start', body });
  if (status !== 503 || answer.error !== 'temporarily_unavailable')
    violations.push(`R-016 a write is answered ${status}`);
}

// R-016; I1 to I9
test('on a disk that fills up, reads go on, nothing is lost, and with room all goes on alone', async ({ skip }) => {
  const folder = mountSmallDisk();
  // The bound on the pages of a file (full-disk.test.ts) stands in for it there.
  if (folder === null) return skip('this user may not mount a small disk');
  onTestFinished(() => unmount(folder));
  const times = howOften({ ci: 3, prove: 50 });
  const filler = join(folder, 'filler');
  const survived = await survive({
    site: { database: join(folder, 'gatehouse.sqlite') },
    times,
    async fail(outage) {
      fillWith(filler);
      await outage.turnedAway(TURNED_AWAY);
      await judgeReads(outage);
      await judgeRefusal(outage);
      rmSync(filler);
    },
  });
  const { violations, seed, slowestRecoveryMs } = survived;
  recordProof({
    id: 'full-disk-sqlite',
    chapter: 'Faults',
    act: 'The disk of the SQLite file fills up under load, and is cleared again',
    rows: ['R-016', ...EVERY],
    times,
    of: 'full disks',
    violations,
    figures: figuresOf(survived),
  });
  expect(violations, `GATEHOUSE_SEED=${seed}`).toEqual([]);
  expect(slowestRecoveryMs).toBeLessThan(LONGEST_MS);
});
