import { requestBytes } from '../kit/connection.ts';
import type { Operation } from '../kit/operation.ts';

export const operation: Operation = {
  name: 'JWKS',
  limit: { http: 1 },
  target: 0.8,
  async prepare() {
    const request = requestBytes({ path: '/.well-known/jwks.json' });
    return { next: () => request };
  },
};
