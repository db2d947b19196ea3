/**
 * Lists that come in pages: `limit` and an opaque `cursor` that names the last item seen, so that a page never shifts when
 * something is added in front of it.
 */
import { type TSchema, Type } from 'typebox';
import { httpRefusals } from '../http/index.ts';

const STANDARD = 50;

/** Query fields of every list that comes in pages. */
export const pageFields = {
  limit: Type.Optional(
    Type.String({ pattern: '^[1-9][0-9]{0,4}$', description: 'How many at most; 50 unless given.' }),
  ),
  cursor: Type.Optional(
    Type.String({ maxLength: 400, description: '`next_cursor` of the page before; the first page without it.' }),
  ),
};

/** The shape of one page; `next_cursor` is null on the last one. */
export function PageOf<S extends TSchema>(item: S, title: string) {
  return Type.Object(
    { items: Type.Array(item), next_cursor: Type.Unsafe<string | null>({ type: ['string', 'null'] }) },
    { title },
  );
}

/** What part of a list is asked for. */
export interface PageRequest {
  limit: number;
  /** The key of the last item of the page before; null on the first page. */
  after: string | null;
}

/** Reads the query of a list; never more than `most` at once. Refuses a cursor that no page ever named. */
export function readPage(query: { limit?: string; cursor?: string }, most = 200): PageRequest {
  const limit = Math.min(query.limit === undefined ? STANDARD : Number(query.limit), most);
  if (query.cursor === undefined) return { limit, after: null };
  const after = Buffer.from(query.cursor, 'base64url').toString();
  if (after === '' || Buffer.from(after).toString('base64url') !== query.cursor) {
    throw httpRefusals.invalid_request({
      body: { details: [{ field: 'cursor', problem: 'is not one of this list' }] },
    });
  }
  return { limit, after };
}

/** Cuts `rows`, read with one more than the limit, into a page. */
export function pageOf<R, T>(
  rows: readonly R[],
  of: { limit: number; keyOf(row: R): string; present(row: R): T },
): { items: T[]; next_cursor: string | null } {
  const shown = rows.slice(0, of.limit);
  const last = shown.at(-1);
  const more = rows.length > of.limit && last !== undefined;
  return {
    items: shown.map((row) => of.present(row)),
    next_cursor: more ? Buffer.from(of.keyOf(last)).toString('base64url') : null,
  };
}
