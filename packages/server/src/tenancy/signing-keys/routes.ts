import { Type } from 'typebox';
import { defineRoute, type Route, reply } from '../../platform/http/index.ts';
import { type Clients, hintsOf } from '../clients/index.ts';
import type { SigningKeys } from './create-signing-keys.ts';

const KeySet = Type.Object(
  { keys: Type.Array(Type.Object({}, { additionalProperties: true })) },
  { title: 'JsonWebKeySet', description: 'The public keys, CURRENT first (RFC 7517).' },
);

const Query = Type.Object({
  client_id: Type.Optional(Type.String({ description: 'Only the keys that tokens of this client can be signed by.' })),
});

/** JWKS on both addresses, with ETag and five minutes of caching; a client that is named narrows it. */
export function signingKeyRoutes({ signingKeys, clients }: { signingKeys: SigningKeys; clients: Clients }): Route[] {
  return ['/.well-known/jwks.json', '/jwks'].map((path) =>
    defineRoute({
      method: 'GET',
      path,
      access: 'public',
      cors: 'anybody',
      tag: 'Tokens',
      summary: 'The public keys that verify access tokens',
      query: Query,
      responses: { 200: KeySet },
      refusals: ['invalid_client', 'invalid_api_key', 'client_disabled'],
      async handle({ headers, query }) {
        const { apiKey, clientId } = hintsOf({ headers, query });
        const client = await clients.named({ apiKey, clientId });
        const { body, etag } = await signingKeys.published(client?.id);
        const caching = { etag, 'cache-control': 'public, max-age=300', vary: 'Origin, X-API-Key' };
        if (headers['if-none-match'] === etag) return reply({ status: 304, headers: caching });
        // A string is sent as it is: the set is serialised once for each change of keys.
        return reply({ body, headers: { ...caching, 'content-type': 'application/json; charset=utf-8' } });
      },
    }),
  );
}
