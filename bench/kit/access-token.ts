import type { FilledSession } from './fill.ts';
import type { World } from './world.ts';

const LIFE_MS = 86_400_000;

/** An access token of a session, as the server would have issued it. */
export async function accessTokenOf({ house }: World, { id, user }: FilledSession): Promise<string> {
  const now = house.ground.clock.now();
  const grant = { sub: user.id, aud: user.clientId, sid: id, client_id: user.clientId, scope: '', scopes: [] };
  const proof = { amr: ['otp'], acr: '1', auth_time: Math.floor(now / 1000) };
  const life = { ttlMs: LIFE_MS, notAfter: now + LIFE_MS };
  return (await house.rooms.tokens.issueAccess({ ...grant, ...proof }, life)).token;
}
