import { isDeepStrictEqual } from 'node:util';

/** What a change did: the fields that differ, as they were and as they are. */
export interface Changes {
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

const REDACTED = '[redacted]';

/** The fields in which two states differ, for `metadata` of an event; fields named in `secret` are told, their values not. */
export function changesOf(before: object, after: object, secret: readonly string[] = []): Changes {
  const was = before as Record<string, unknown>;
  const is = after as Record<string, unknown>;
  const changes: Changes = { before: {}, after: {} };
  for (const field of new Set([...Object.keys(was), ...Object.keys(is)])) {
    if (isDeepStrictEqual(was[field], is[field])) continue;
    const shown = (value: unknown) => (value === undefined ? null : secret.includes(field) ? REDACTED : value);
    changes.before[field] = shown(was[field]);
    changes.after[field] = shown(is[field]);
  }
  return changes;
}
