import { beginAuthentication } from '../../packages/server/src/identity/passkeys/begin-ceremony.ts';
import { type Authenticator, createAuthenticator } from '../../packages/server/test/kit/authenticator.ts';
import { accessTokenOf } from '../kit/access-token.ts';
import { askOnce, requestBytes } from '../kit/connection.ts';
import type { FilledSession } from '../kit/fill.ts';
import type { Operation } from '../kit/operation.ts';
import { ISSUER } from '../kit/settings.ts';
import { pick, type World } from '../kit/world.ts';

const headers = { origin: ISSUER };

async function post(world: World, path: string, { token, body }: { token: string; body: unknown }) {
  const all = { ...headers, authorization: `Bearer ${token}` };
  const answer = await askOnce(world.server.port, { path, headers: all, body });
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.body}`);
  return JSON.parse(answer.body.toString());
}

/** Gives a user a passkey in software. */
async function register(world: World, session: FilledSession): Promise<Authenticator> {
  const authenticator = createAuthenticator(ISSUER);
  const token = await accessTokenOf(world, session);
  const { request_id, publicKey } = await post(world, '/webauthn/register/options', { token, body: {} });
  const credential = authenticator.register(publicKey);
  await post(world, '/webauthn/register/verify', { token, body: { request_id, credential } });
  return authenticator;
}

/** A ceremony begun and answered: the request that finishes it. Made in order, because a passkey counts. */
async function answerOf({ house }: World, authenticator: Authenticator): Promise<Buffer> {
  const { clients, passkeys } = house.rooms;
  const client = await clients.standard();
  const { requestId, publicKey } = await beginAuthentication(passkeys.begin, {
    client,
    origin: ISSUER,
    rpId: undefined,
  });
  const credential = authenticator.authenticate(publicKey as { challenge: string; rpId: string });
  return requestBytes({ path: '/webauthn/authenticate/verify', headers, body: { request_id: requestId, credential } });
}

export const operation: Operation = {
  name: 'passkey: verify',
  limit: { http: 1, verification: 1, signature: 1, write: 1 },
  async prepare(world, connections) {
    const sessions = Array.from({ length: connections }, (_, connection) => pick(world.sessions, connection));
    const authenticators: Authenticator[] = [];
    for (const session of sessions) authenticators.push(await register(world, session));
    const ready: Buffer[][] = authenticators.map(() => []);
    const more = async (authenticator: Authenticator, connection: number) => {
      ready[connection]?.push(await answerOf(world, authenticator));
    };
    return {
      async stock(count) {
        for (let held = 0; held < count; held += connections) await Promise.all(authenticators.map(more));
      },
      next: (connection) => ready[connection]?.shift() ?? null,
    };
  },
};
