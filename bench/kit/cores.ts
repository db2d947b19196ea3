// The load generator and the server each have a core of their own: neither slows the other, and the server's figures are those of one core.
import { execFileSync, spawnSync } from 'node:child_process';

/** The core of the load generator, and of a Postgres. */
export const GENERATOR_CORE = 0;
/** The core of the server, and of the limits it is compared with. */
export const SERVER_CORE = 1;

/** Whether processes can be tied to cores here. */
export const canPin: boolean = spawnSync('taskset', ['-c', String(SERVER_CORE), 'true']).status === 0;

/** Ties a running process, with all its threads and the children it will have, to a core. */
export function pin(pid: number, core: number): void {
  if (canPin) execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' });
}

/** A command line that runs a program on one core. */
export function onCore(core: number, program: string, args: readonly string[]): [string, string[]] {
  return canPin ? ['taskset', ['-c', String(core), program, ...args]] : [program, [...args]];
}
