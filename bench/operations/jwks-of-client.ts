import { requestBytes } from '../kit/connection.ts';
import type { Operation } from '../kit/operation.ts';
import { pick } from '../kit/world.ts';

export const operation: Operation = {
  name: 'JWKS of a client',
  limit: { http: 1 },
  async prepare({ clients }) {
    let turn = 0;
    const next = () => requestBytes({ path: `/.well-known/jwks.json?client_id=${pick(clients, turn++).id}` });
    return { next };
  },
};
