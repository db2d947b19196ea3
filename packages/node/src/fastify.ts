import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AuthData } from './auth-data.ts';
import type { GuardOptions } from './authenticate-header.ts';
import { authenticateHeader } from './authenticate-header.ts';
import type { Verifier } from './verifier.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent the request; set by `requireAuthFastify`. */
    authData?: AuthData;
  }
}

/** A Fastify hook, for `onRequest` of a route or of a whole plugin. */
export type AuthHook = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

/** Settings of the plugin: the verifier that it closes together with the server. */
export type GatehouseFastifyOptions = { readonly verifier: Verifier };

/** Lets only requests with an accepted token pass, and sets `request.authData`; answers the others with JSON. */
export function requireAuthFastify(verifier: Verifier, options: GuardOptions = {}): AuthHook {
  return async (request, reply) => {
    const result = await authenticateHeader(verifier, request.headers.authorization, options);
    if ('authData' in result) {
      request.authData = result.authData;
      return undefined;
    }
    const { status, headers, body } = result.denial;
    return reply.code(status).headers(headers).header('cache-control', 'no-store').send(body);
  };
}

/** Reserves `request.authData` on every request (for a stable object shape) and closes the verifier with the server. */
export async function gatehouseFastify(app: FastifyInstance, { verifier }: GatehouseFastifyOptions): Promise<void> {
  app.decorateRequest('authData', undefined);
  app.addHook('onClose', async () => verifier.close());
}

// Without this mark Fastify would keep the decoration inside the plugin instead of giving it to the whole server.
Object.assign(gatehouseFastify, { [Symbol.for('skip-override')]: true });
