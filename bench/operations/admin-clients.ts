import { administratorOf } from '../kit/bench-administrator.ts';
import { requestBytes } from '../kit/connection.ts';
import type { Operation } from '../kit/operation.ts';

export const operation: Operation = {
  name: 'administration: a page of clients',
  limit: { http: 1, read: 1 },
  async prepare(world) {
    const headers = { authorization: `Bearer ${(await administratorOf(world)).token}` };
    const request = requestBytes({ path: '/api/admin/clients?limit=50', headers });
    return { next: () => request };
  },
};
