import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const TICKS_A_SECOND = 100;
const UTIME = 11;
const STIME = 12;
const KIBIBYTE = 1024;

/** Seconds in the notation of ps: [[days-]hours:]minutes:seconds. */
function readClockTime(text: string): number {
  const [days, rest] = text.includes('-') ? text.split('-') : ['0', text];
  const parts = (rest ?? '').split(':').map(Number);
  return parts.reduce((sum, part) => sum * 60 + part, 0) + Number(days) * 86_400;
}

const ps = (pid: number, column: string) =>
  execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)])
    .toString()
    .trim();

/** CPU seconds a process has used, in all its threads and in the kernel on its behalf. */
export function processorSeconds(pid: number): number {
  if (process.platform !== 'linux') return readClockTime(ps(pid, 'time'));
  // The name of the program, in parentheses, may hold spaces: fields are counted behind it.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[UTIME]) + Number(fields[STIME])) / TICKS_A_SECOND;
}

/** Resident memory of a process in bytes. */
export function residentBytes(pid: number): number {
  if (process.platform !== 'linux') return Number(ps(pid, 'rss')) * KIBIBYTE;
  const [, kibibytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * KIBIBYTE;
}
