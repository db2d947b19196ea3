import { requestBytes } from '../kit/connection.ts';
import type { Operation } from '../kit/operation.ts';

export const operation: Operation = {
  name: 'passkey: options',
  limit: { http: 1, write: 1 },
  async prepare() {
    const request = requestBytes({ path: '/webauthn/authenticate/options', body: {} });
    return { next: () => request };
  },
};
