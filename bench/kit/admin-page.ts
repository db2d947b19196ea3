import { administratorOf } from './bench-administrator.ts';
import { requestBytes } from './connection.ts';
import type { Operation } from './operation.ts';

/** A page of a list, as an administrator asks for it: the same request over and over. */
export const adminPage = ({ name, path }: { name: string; path: string }): Operation => ({
  name,
  limit: { http: 1, read: 1 },
  async prepare(world) {
    const headers = { authorization: `Bearer ${(await administratorOf(world)).token}` };
    const request = requestBytes({ path, headers });
    return { next: () => request };
  },
});
