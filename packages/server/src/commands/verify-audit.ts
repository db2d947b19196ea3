import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type LogVerdict, type Trusted, verifyDatabase, verifyExport } from '../operations/transparency-log/index.ts';
import { readVerifierKey, type VerifierKey } from '../platform/merkle-log/index.ts';
import { CommandFailure } from './command-failure.ts';
import { print, type WorkOptions, workOnDatabase } from './work-on-database.ts';

export interface VerifyOptions extends WorkOptions {
  export?: string;
  key?: string[];
  checkpoint?: string[];
  json?: boolean;
}

function readKeys(given: readonly string[]): VerifierKey[] {
  return given.flatMap((text) => {
    const lines = existsSync(text) ? readFileSync(text, 'utf8').split('\n') : [text];
    return lines
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const key = readVerifierKey(line);
        if (!key)
          throw new CommandFailure(`${text} is no public key, and no file of them`, { hint: 'gatehouse audit keys' });
        return key;
      });
  });
}

function readCheckpoints(given: readonly string[]): string[] {
  return given.flatMap((path) => {
    if (!existsSync(path)) throw new CommandFailure(`there is no checkpoint ${path}`);
    if (!statSync(path).isDirectory()) return [readFileSync(path, 'utf8')];
    const files = readdirSync(path).filter((name) => name.endsWith('.checkpoint'));
    return files.sort().map((name) => readFileSync(join(path, name), 'utf8'));
  });
}

function openExport(path: string): AsyncIterable<string> {
  if (path !== '-' && !existsSync(path)) throw new CommandFailure(`there is no file ${path}`);
  const input = path === '-' ? process.stdin : createReadStream(path);
  return createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

async function verdictOf(options: VerifyOptions, trusted: Trusted): Promise<LogVerdict & { complete?: boolean }> {
  if (options.export !== undefined) return verifyExport(openExport(options.export), trusted);
  return workOnDatabase(options, ({ database }) => verifyDatabase(database.read, trusted));
}

function describe(verdict: LogVerdict & { complete?: boolean }, trusted: Trusted): string[] {
  if (verdict.broken) {
    const { seq, problem } = verdict.broken;
    return [`BROKEN${seq === null ? '' : ` at entry ${seq}`}: ${problem}`];
  }
  const { size, purged, checkpointedSize, complete } = verdict;
  const lines = [`ok: ${size} entries, ${purged} of them purged; the newest checkpoint is over ${checkpointedSize}`];
  if (complete === false) lines.push('this is a selection: its events are proven, but not that none was left out');
  if (trusted.keys.length === 0) lines.push('the log was believed about its own key; give --key to be sure');
  if (trusted.witnessed.length === 0)
    lines.push('no checkpoint kept elsewhere was compared; give --checkpoint to be sure');
  return lines;
}

/** Verifies a database or an export; the exit code is 0 when all holds, else 1. Throws CommandFailure. */
export async function verifyAudit(options: VerifyOptions): Promise<number> {
  const trusted = { keys: readKeys(options.key ?? []), witnessed: readCheckpoints(options.checkpoint ?? []) };
  const verdict = await verdictOf(options, trusted);
  if (options.json) print(JSON.stringify(verdict));
  else for (const line of describe(verdict, trusted)) print(line);
  return verdict.ok ? 0 : 1;
}
