import type { Reader } from '../../platform/database/index.ts';
import { findUser, listByName, listByPrefix, listUsers, type Part } from './store.ts';
import { readUser, type User } from './user.ts';

export interface UserSearch {
  clientId: string;
  /** The beginning of an address, or a whole id or display name; null lists everybody. */
  q: string | null;
  status: User['status'] | null;
  /** `searchKeyOf` the last user of the page before. */
  after: string | null;
  limit: number;
}

/** Where in a search a user stands: names come before addresses, an id before both. */
export function searchKeyOf(q: string | null, user: User): string {
  if (q === null) return user.id;
  if (user.id === q) return 'name:';
  return user.displayName === q ? `name:${user.id}` : `email:${user.email}`;
}

async function byIdAndName(on: Reader, search: UserSearch & { q: string }, part: Part): Promise<User[]> {
  const { clientId, q, status, after } = search;
  const one = after === null ? await findUser(on, { clientId, id: q }) : null;
  const named = await listByName(on, { ...part, q, after: after?.slice('name:'.length) ?? '' });
  const others = named.map(readUser).filter((user) => user.id !== q);
  return one && (status === null || one.status === status) ? [one, ...others] : others;
}

/**
 * Users of one client, one more than `limit` when there are more. In the order of their making; with `q`, an id and exact names come
 * first, then addresses in their own order. Each is a range of an index, however many users there are.
 */
export async function searchUsers(on: Reader, search: UserSearch): Promise<User[]> {
  const { clientId, q, status, after, limit } = search;
  const part: Part = { clientId, status, after: after ?? '', most: limit + 1 };
  if (q === null) return (await listUsers(on, part)).map(readUser);
  const inAddresses = after?.startsWith('email:') === true;
  const found = inAddresses ? [] : await byIdAndName(on, { ...search, q }, part);
  const prefix = q.trim().normalize('NFC').toLowerCase();
  const from = inAddresses ? after.slice('email:'.length) : '';
  const byAddress = await listByPrefix(on, { ...part, after: from, prefix, q });
  return [...found, ...byAddress.map(readUser).filter((user) => user.id !== q)].slice(0, limit + 1);
}
