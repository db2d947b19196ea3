const MAX_TEXT = 500;

/**
 * The only fields that reach the log. A field that is not here is dropped, so a secret gets in only by being put under
 * one of these names. Add a name when an event needs it; never one whose value could open a door.
 */
const ALLOWED: ReadonlySet<string> = new Set([
  'account_count',
  'actor_id',
  'address',
  'application_id',
  'attempt',
  'attempts',
  'audience',
  'bytes',
  'client_id',
  'code_kind',
  'connection_id',
  'count',
  'created_at',
  'credential_id',
  'database',
  'delivery_id',
  'directory_id',
  'duration_ms',
  'email',
  'error_code',
  'event_id',
  'event_kind',
  'expires_at',
  'grant_type',
  'host',
  'ip',
  'issuer',
  'job_id',
  'job_kind',
  'key_id',
  'level_name',
  'message_id',
  'method',
  'migration',
  'name',
  'next_attempt_at',
  'node_version',
  'org_id',
  'origin',
  'pid',
  'port',
  'reason',
  'request_id',
  'role',
  'route',
  'scope',
  'session_id',
  'signal',
  'size_bytes',
  'smtp_id',
  'status',
  'transport',
  'user_agent',
  'user_id',
  'version',
  'warning',
  'witness',
  'worker_id',
  'workers',
]);

/** What a field of an event may hold. An error goes under `error`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Keeps allowed names with plain values; texts are cut at 500 characters, errors reduced to what helps to find them. */
export function allowFields(fields: LogFields): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'error') kept.error = describeError(value);
    else if (ALLOWED.has(name)) {
      const plain = plainValue(value);
      if (plain !== undefined) kept[name] = plain;
    }
  }
  return kept;
}

function plainValue(value: unknown): string | number | boolean | null | undefined {
  if (typeof value === 'string') return cut(value, MAX_TEXT);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  // Objects and lists would carry fields that nobody allowed.
  return typeof value === 'bigint' ? value.toString() : undefined;
}

function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error))
    return { name: 'NotAnError', message: cut(String(plainValue(error) ?? typeof error), MAX_TEXT) };
  const code =
    'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? error.code : undefined;
  return {
    name: cut(error.name, MAX_TEXT),
    ...(code === undefined ? {} : { code: plainValue(code) }),
    message: cut(error.message, MAX_TEXT),
    ...(error.stack === undefined ? {} : { stack: cut(error.stack, 4 * MAX_TEXT) }),
  };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
