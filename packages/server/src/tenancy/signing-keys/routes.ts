import { Type } from 'typebox';
import { defineRoute, type Route, reply } from '../../platform/http/index.ts';
import type { SigningKeys } from './create-signing-keys.ts';

const KeySet = Type.Object(
  { keys: Type.Array(Type.Object({}, { additionalProperties: true })) },
  { title: 'JsonWebKeySet', description: 'The public keys, CURRENT first (RFC 7517).' },
);

/** JWKS on both addresses, with ETag and five minutes of caching. */
export function signingKeyRoutes(keys: SigningKeys): Route[] {
  return ['/.well-known/jwks.json', '/jwks'].map((path) =>
    defineRoute({
      method: 'GET',
      path,
      access: 'public',
      cors: 'anybody',
      tag: 'Tokens',
      summary: 'The public keys that verify access tokens',
      responses: { 200: KeySet },
      async handle({ headers }) {
        const { body, etag } = await keys.published();
        const caching = { etag, 'cache-control': 'public, max-age=300' };
        if (headers['if-none-match'] === etag) return reply({ status: 304, headers: caching });
        // A string is sent as it is: the set is serialised once for each change of keys.
        return reply({ body, headers: { ...caching, 'content-type': 'application/json; charset=utf-8' } });
      },
    }),
  );
}
