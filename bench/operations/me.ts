import { accessTokenOf } from '../kit/access-token.ts';
import { requestBytes } from '../kit/connection.ts';
import type { Operation } from '../kit/operation.ts';
import { pick } from '../kit/world.ts';

const MOST_TOKENS = 2_000;

export const operation: Operation = {
  name: '/me',
  limit: { http: 1, verification: 1, read: 1 },
  async prepare(world) {
    const requests: Buffer[] = [];
    for (let turn = 0; turn < Math.min(MOST_TOKENS, world.sessions.length); turn++) {
      const token = await accessTokenOf(world, pick(world.sessions, turn));
      requests.push(requestBytes({ path: '/me', headers: { authorization: `Bearer ${token}` } }));
    }
    let turn = 0;
    return { next: () => pick(requests, turn++) };
  },
};
