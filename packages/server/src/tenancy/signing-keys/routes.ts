import { Type } from 'typebox';
import { defineRoute, type PreparedAnswer, type Route, reply } from '../../platform/http/index.ts';
import { type Clients, hintsOf } from '../clients/index.ts';
import type { PublishedKeys, SigningKeys } from './create-signing-keys.ts';

const KeySet = Type.Object(
  { keys: Type.Array(Type.Object({}, { additionalProperties: true })) },
  { title: 'JsonWebKeySet', description: 'The public keys, CURRENT first (RFC 7517).' },
);

const Query = Type.Object({
  client_id: Type.Optional(Type.String({ description: 'Only the keys that tokens of this client can be signed by.' })),
});

const headersOf = (etag: string) => ({ etag, 'cache-control': 'public, max-age=300', vary: 'Origin, X-API-Key' });
const type = { 'content-type': 'application/json; charset=utf-8' };

/** The set as most ask for it, kept for as long as it stays the same. */
function prepareSet(signingKeys: SigningKeys): () => PreparedAnswer | null {
  const answers = new WeakMap<PublishedKeys, PreparedAnswer>();
  return () => {
    const published = signingKeys.publishedNow();
    if (!published) return null;
    const { body, etag } = published;
    const answer = answers.get(published) ?? { body, headers: { ...headersOf(etag), ...type } };
    answers.set(published, answer);
    return answer;
  };
}

/** JWKS on both addresses, with ETag and five minutes of caching; a client that is named narrows it. */
export function signingKeyRoutes({ signingKeys, clients }: { signingKeys: SigningKeys; clients: Clients }): Route[] {
  const prepared = prepareSet(signingKeys);
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
      prepared,
      async handle({ headers, query }) {
        const { apiKey, clientId } = hintsOf({ headers, query });
        const client = await clients.named({ apiKey, clientId });
        const { body, etag } = await signingKeys.published(client?.id);
        if (headers['if-none-match'] === etag) return reply({ status: 304, headers: headersOf(etag) });
        // A string is sent as it is: the set is serialised once for each change of keys.
        return reply({ body, headers: { ...headersOf(etag), ...type } });
      },
    }),
  );
}
