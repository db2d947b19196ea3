import { CommandFailure } from './command-failure.ts';

/** What a failure says to the operator. */
interface Notice {
  message: string;
  hint?: string | undefined;
}

interface SystemError {
  code?: unknown;
  errcode?: unknown;
  address?: unknown;
  port?: unknown;
}

const NOT_A_DATABASE = 26;

/** Hides what stands before the @ of a URL, and what was given to an option as `--option=value`. */
export function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^\s/@]*@/g, '//***@').replace(/(unknown option '--?[\w-]+)=[^\n]*'/g, "$1=***'");
}

/** Turns a failure into short lines for the terminal; `verbose` adds where it came from and why. */
export async function describeFailure(error: unknown, verbose: boolean): Promise<string> {
  const { message, hint } = await noticeOf(error);
  const lines = [`Error: ${message}`, ...(hint ? [`${hint.startsWith('gatehouse ') ? 'See' : 'Try'}: ${hint}`] : [])];
  return [...lines, ...(verbose ? causesOf(error) : [])].join('\n');
}

async function noticeOf(error: unknown): Promise<Notice> {
  if (error instanceof CommandFailure) return error;
  return (await houseNotice(error)) ?? systemNotice(error) ?? unexpectedNotice(error);
}

async function houseNotice(error: unknown): Promise<Notice | null> {
  // Loaded here, because most commands end well and `--version` needs none of it.
  const { ConfigError } = await import('../config/index.ts');
  const { DatabaseUnavailable, NewerDatabase } = await import('../platform/database/index.ts');
  const { Refusal } = await import('../platform/refusals/index.ts');
  const { KeyFileProblem, UnreadableSecret } = await import('../platform/secrets/index.ts');
  if (error instanceof ConfigError) {
    const lines = error.problems.map((problem) => `  ${describeProblem(problem)}`);
    return { message: ['the configuration cannot be used:', ...lines].join('\n'), hint: 'gatehouse --help' };
  }
  if (error instanceof Refusal) return refusalNotice(error);
  if (error instanceof NewerDatabase) {
    return { message: `${error.message}; nothing was changed`, hint: 'start the newer version of Gatehouse instead' };
  }
  if (error instanceof KeyFileProblem) {
    const hint = 'put the key file back from your backup, or set GATEHOUSE_SECRET';
    return { message: error.message, hint };
  }
  if (error instanceof UnreadableSecret) {
    const hint = 'use the key file or the GATEHOUSE_SECRET that this database was made with';
    return { message: error.message, hint };
  }
  return error instanceof DatabaseUnavailable ? { message: error.message, hint: 'gatehouse doctor' } : null;
}

/** What the API would answer, with each field that is wrong on a line of its own. */
function refusalNotice({ message, body }: { message: string; body: Record<string, unknown> }): Notice {
  const details = (body.details ?? []) as { field: string; problem: string }[];
  return { message: [message, ...details.map(({ field, problem }) => `  ${field}: ${problem}`)].join('\n') };
}

/** One mistake of the configuration on one line. */
export function describeProblem(of: { name: string; problem: string; example: string }): string {
  if (of.example === '') return `${of.name}: ${of.problem}`;
  return `${of.name}: ${of.problem.replace(/\.$/, '')} (for example: ${of.example})`;
}

function systemNotice(error: unknown): Notice | null {
  const { code, errcode, address, port } = (typeof error === 'object' && error !== null ? error : {}) as SystemError;
  if (code === 'EADDRINUSE') {
    const message = `another program uses port ${String(port)} of ${String(address)} already`;
    return { message, hint: 'stop it, or choose another port with --port' };
  }
  if (code === 'EACCES' && port !== undefined) {
    const message = `this user may not listen on port ${String(port)}`;
    return { message, hint: 'choose a port above 1023 with --port' };
  }
  if (code === 'EADDRNOTAVAIL' || (code === 'ENOTFOUND' && port === undefined)) {
    return { message: `${String(address ?? 'the host')} is no address of this machine`, hint: 'give another --host' };
  }
  if (errcode === NOT_A_DATABASE) {
    return { message: 'the file is no SQLite database', hint: 'name another file, or restore it from a backup' };
  }
  return null;
}

function unexpectedNotice(error: unknown): Notice {
  const message = error instanceof Error && error.message !== '' ? error.message : 'something unexpected happened';
  return { message, hint: 'the same command with --verbose' };
}

function causesOf(error: unknown): string[] {
  const lines: string[] = [];
  let next: unknown = error;
  for (let depth = 0; next instanceof Error && depth < 10; depth++) {
    lines.push(`${depth === 0 ? '' : 'Caused by: '}${next.stack ?? next.message}`);
    next = next.cause;
  }
  return lines;
}
