/** The database cannot be reached or cannot be written to: what was asked may or may not have been stored, trying again later may work. */
export class DatabaseUnavailable extends Error {
  override name = 'DatabaseUnavailable';
}

/** A text that no column can hold: Postgres knows no NUL, and SQLite refuses it here so that a file can move there. */
export class UnstorableText extends Error {
  override name = 'UnstorableText';
}

/** Throws UnstorableText before a statement is sent: afterwards the transaction would be lost. */
export function requireStorable(parameters: readonly unknown[]): void {
  const isBad = parameters.some((value) => typeof value === 'string' && value.includes('\0'));
  if (isBad) throw new UnstorableText('a text with the character NUL');
}

interface DriverError {
  code?: unknown;
  errcode?: unknown;
}

const SQLITE_UNIQUE = new Set([2067, 1555]);
/** BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN: SQLite result codes about the disk, not the statement. */
const SQLITE_UNAVAILABLE = new Set([5, 6, 7, 8, 10, 13, 14]);
/** Connection exceptions, insufficient resources, operator intervention, errors of the system (PostgreSQL appendix A, by class). */
const POSTGRES_UNAVAILABLE = /^(08|53|57|58)/;
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'ENOSPC']);
/** What the driver says, without a code, of a connection that is gone or could not be had in time. */
const LOST_CONNECTION = /connection terminated|not queryable|timeout exceeded when trying to connect/i;
const OVERDUE_ANSWER = /query read timeout/i;
const POSTGRES_RETRY = new Set(['40001', '40P01']);

function codesOf(error: unknown): DriverError {
  return typeof error === 'object' && error !== null ? (error as DriverError) : {};
}

/** Whether a row with the same unique key exists already. */
export function isUniqueViolation(error: unknown): boolean {
  const { code, errcode } = codesOf(error);
  return code === '23505' || (typeof errcode === 'number' && SQLITE_UNIQUE.has(errcode));
}

/** Whether the whole transaction may simply run again (serialization failure, deadlock). */
export function isRetryable(error: unknown): boolean {
  const { code } = codesOf(error);
  return typeof code === 'string' && POSTGRES_RETRY.has(code);
}

/** Whether an answer did not come in time: the connection is of no more use. */
export function isOverdue(error: unknown): boolean {
  return error instanceof Error && OVERDUE_ANSWER.test(error.message);
}

function isUnavailable(error: unknown): boolean {
  const { code, errcode } = codesOf(error);
  if (typeof errcode === 'number') return SQLITE_UNAVAILABLE.has(errcode & 0xff);
  if (typeof code === 'string' && (NETWORK.has(code) || POSTGRES_UNAVAILABLE.test(code))) return true;
  return isOverdue(error) || (error instanceof Error && LOST_CONNECTION.test(error.message));
}

/** Gives a lost database its name; every other error passes through as it is. */
export function asDatabaseFailure(error: unknown): unknown {
  if (!isUnavailable(error)) return error;
  return new DatabaseUnavailable('the database cannot be reached or written to', { cause: error });
}
