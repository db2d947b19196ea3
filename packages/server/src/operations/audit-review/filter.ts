import { type Static, Type } from 'typebox';
import { httpRefusals } from '../../platform/http/index.ts';

const Exact = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }));
const Time = Type.Optional(Type.String({ maxLength: 40, description: 'ISO 8601.' }));

/** Query fields of search and export. */
export const filterFields = {
  client_id: Exact,
  user_id: Exact,
  event_type: Exact,
  actor_type: Exact,
  actor_id: Exact,
  target_type: Exact,
  target_id: Exact,
  request_id: Exact,
  from: Time,
  to: Time,
  legal_hold: Type.Optional(Type.Unsafe<'true' | 'false'>({ type: 'string', enum: ['true', 'false'] })),
};
const FilterQuery = Type.Object(filterFields);
export type FilterQuery = Static<typeof FilterQuery>;

const EXACT = [
  'client_id',
  'user_id',
  'event_type',
  'actor_type',
  'actor_id',
  'target_type',
  'target_id',
  'request_id',
] as const;

/** What a search asks for; `equal` holds the columns that must have a value. */
export interface EventFilter {
  equal: Partial<Record<(typeof EXACT)[number], string>>;
  /** Milliseconds since the epoch; `to` is not included. */
  from: number | null;
  to: number | null;
  legalHold: boolean | null;
  /** The only client whose events may be shown; null for all. */
  within: string | null;
}

function readTime(query: FilterQuery, field: 'from' | 'to'): number | null {
  const text = query[field];
  if (text === undefined) return null;
  const at = Date.parse(text);
  if (Number.isNaN(at))
    throw httpRefusals.invalid_request({ body: { details: [{ field, problem: 'is not a time' }] } });
  return at;
}

/** Reads the query of a search by somebody who may see the events of `within` only. Refuses a time that is none. */
export function readFilter(query: FilterQuery, within: string | null): EventFilter {
  const equal: EventFilter['equal'] = {};
  for (const name of EXACT) {
    const value = query[name];
    if (value !== undefined) equal[name] = value;
  }
  const legalHold = query.legal_hold === undefined ? null : query.legal_hold === 'true';
  return { equal, from: readTime(query, 'from'), to: readTime(query, 'to'), legalHold, within };
}

/** Whether a filter lets everything through. */
export function isWhole({ equal, from, to, legalHold, within }: EventFilter): boolean {
  return Object.keys(equal).length === 0 && from === null && to === null && legalHold === null && within === null;
}
