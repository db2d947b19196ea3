import { requestBytes } from '../kit/connection.ts';
import type { FilledSession } from '../kit/fill.ts';
import type { Operation } from '../kit/operation.ts';
import { pick, type World } from '../kit/world.ts';

const MOST_TOKENS = 2_000;

async function requestOf({ house }: World, { id, user }: FilledSession): Promise<Buffer> {
  const now = house.ground.clock.now();
  const grant = { sub: user.id, aud: user.clientId, sid: id, client_id: user.clientId, scope: '', scopes: [] };
  const proof = { amr: ['otp'], acr: '1', auth_time: Math.floor(now / 1000) };
  const life = { ttlMs: 86_400_000, notAfter: now + 86_400_000 };
  const { token } = await house.rooms.tokens.issueAccess({ ...grant, ...proof }, life);
  return requestBytes({ path: '/me', headers: { authorization: `Bearer ${token}` } });
}

export const operation: Operation = {
  name: '/me',
  limit: { http: 1, verification: 1, read: 1 },
  async prepare(world) {
    const requests: Buffer[] = [];
    for (let turn = 0; turn < Math.min(MOST_TOKENS, world.sessions.length); turn++)
      requests.push(await requestOf(world, pick(world.sessions, turn)));
    let turn = 0;
    return { next: () => pick(requests, turn++) };
  },
};
