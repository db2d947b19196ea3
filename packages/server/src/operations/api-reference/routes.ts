import { Type } from 'typebox';
import { defineRoute, type Route, reply } from '../../platform/http/index.ts';
import { describeApi } from './describe-api.ts';
import { renderReference } from './render-reference.ts';

const bearer = (description: string) => ({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description });

/** How a caller shows who they are, by access kind of a route. */
const securitySchemes = {
  client: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'Names the client. Without it the client follows from the Origin, else it is the default one.',
  },
  user: bearer('An access token; the request speaks for the client of the token.'),
  direct: {
    type: 'apiKey',
    in: 'header',
    name: 'Origin',
    description: 'Nothing to show: direct paths belong to the default client.',
  },
  admin: bearer('The token of an administrator, or the break-glass key in `X-Admin-Key`.'),
  client_admin: bearer(
    'The token of an administrator whose scope reaches the client, or the break-glass key in `X-Admin-Key`.',
  ),
  admin_session: bearer('The token of an administrator who signed in; the break-glass key has no session.'),
  direct_user: bearer('An access token of the default client.'),
};

/** `/docs`, `/docs/openapi.json` and `/docs/openapi.yaml`. */
export function apiReferenceRoutes(input: { routes: readonly Route[]; issuer: string; version: string }): Route[] {
  // Most servers are never asked for it.
  let described: ReturnType<typeof describeApi> | null = null;
  const document = () => {
    described ??= describeApi({ ...input, securitySchemes });
    return described;
  };
  const asset = (path: string, type: string, body: () => string | Promise<string>): Route => {
    let rendered: string | null = null;
    return defineRoute({
      method: 'GET',
      path,
      access: 'public',
      kind: 'asset',
      cors: 'anybody',
      tag: 'Reference',
      summary: 'The API reference',
      responses: { 200: Type.String() },
      handle: async () => {
        rendered ??= await body();
        return reply({ body: rendered, headers: { 'content-type': type, 'cache-control': 'no-cache' } });
      },
    });
  };
  return [
    asset('/docs/openapi.json', 'application/json; charset=utf-8', () => JSON.stringify(document(), null, 2)),
    asset('/docs/openapi.yaml', 'application/yaml; charset=utf-8', async () => {
      const { stringify } = await import('yaml');
      return stringify(document(), { aliasDuplicateObjects: false });
    }),
    asset('/docs', 'text/html; charset=utf-8', () => renderReference(document())),
  ];
}
