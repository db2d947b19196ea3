import { closeSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../../config/index.ts';
import { sqliteFileOf } from '../work-on-database.ts';
import { type Finding, messageOf } from './finding.ts';

const MEGABYTE = 1024 * 1024;
const TOO_LITTLE = 50;
const LITTLE = 500;
const check = 'disk';

function flushTime(folder: string): number {
  const path = join(folder, `.gatehouse-doctor-${process.pid}`);
  const startedAt = performance.now();
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, Buffer.alloc(4096));
    fsyncSync(file);
    return Math.round((performance.now() - startedAt) * 10) / 10;
  } finally {
    closeSync(file);
    rmSync(path, { force: true });
  }
}

/** Whether the folder of a SQLite file has room and takes a write that reaches the disk. */
export function checkDisk(config: Config): Finding {
  const file = sqliteFileOf(config);
  if (file === null) return { check, status: 'ok', message: 'left to Postgres' };
  const folder = dirname(file);
  try {
    const { bavail, bsize } = statfsSync(folder);
    const free = Math.floor((bavail * bsize) / MEGABYTE);
    const message = `${free} MB free in ${folder}, a flushed write takes ${flushTime(folder)} ms`;
    if (free >= LITTLE) return { check, status: 'ok', message };
    const fix = 'Make room: without it nobody can sign in.';
    return { check, status: free < TOO_LITTLE ? 'problem' : 'warn', message, fix };
  } catch (error) {
    const fix = `Check that ${folder} exists, has room and that this user may write to it.`;
    return { check, status: 'problem', message: messageOf(error), fix };
  }
}
