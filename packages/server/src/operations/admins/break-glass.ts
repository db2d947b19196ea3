import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { type Announce, INSTALLATION } from '../../platform/events/index.ts';
import type { RawRequest } from '../../platform/http/index.ts';
import { networkOf, type RateLimit, requireAllowed } from '../../platform/rate-limit/index.ts';
import { hashSecret, sameSecret } from '../../platform/secrets/index.ts';
import type { Administrator } from './administrator.ts';
import { refusals } from './errors.ts';

export interface BreakGlassDeps {
  clock: Clock;
  database: Database;
  announce: Announce;
  rateLimit: RateLimit;
  /** The key from the configuration; without one there is no break-glass access. */
  breakGlassKey: string | undefined;
  /** Uses of the key that are answered in a minute, from everywhere together. */
  breakGlassPerMinute: number;
}

const FAILURES = { name: 'break_glass_failures', most: 10, windowSeconds: 900 };

function pathOf(request: RawRequest): string {
  return request.url.split('?')[0] ?? '';
}

/**
 * The master key for days on which nobody can sign in (D27): compared in constant time, limited, and every use written down.
 * Throws invalid_admin_key or rate_limited.
 */
export async function openBreakGlass(
  deps: BreakGlassDeps,
  request: RawRequest,
  presented: string,
): Promise<Administrator> {
  const { facts } = request;
  const network = networkOf(facts.ip);
  requireAllowed(await deps.rateLimit.look(FAILURES, network));
  const isRight = deps.breakGlassKey !== undefined && sameSecret(hashSecret(presented), hashSecret(deps.breakGlassKey));
  const actor = { type: 'break_glass', id: null } as const;
  const event = {
    clientId: INSTALLATION,
    actor,
    target: { type: 'route', id: `${request.method} ${pathOf(request)}` },
  };
  if (!isRight) {
    await deps.rateLimit.use(FAILURES, network);
    const failed = { ...event, name: 'break_glass_failed' as const, request: facts };
    await deps.database.write((tx) => deps.announce(tx, failed));
    throw refusals.invalid_admin_key();
  }
  const uses = { name: 'break_glass_uses', most: deps.breakGlassPerMinute, windowSeconds: 60 };
  requireAllowed(await deps.rateLimit.use(uses, 'all'));
  await deps.database.write((tx) => deps.announce(tx, { ...event, name: 'break_glass_used', request: facts }));
  return { actor, roles: ['owner'], scope: { kind: 'all' }, authenticatedAt: deps.clock.now() };
}
