import { PASSWORD } from '../../packages/server/test/kit/administrators.ts';
import { administratorOf } from '../kit/bench-administrator.ts';
import { requestBytes } from '../kit/connection.ts';
import type { Operation } from '../kit/operation.ts';

export const operation: Operation = {
  name: 'administration: password',
  limit: { http: 1, 'password-hash': 1, write: 1 },
  connections: 4,
  async prepare(world) {
    const { email } = await administratorOf(world);
    const request = requestBytes({ path: '/api/admin/auth/login', body: { email, password: PASSWORD } });
    return { next: () => request };
  },
};
