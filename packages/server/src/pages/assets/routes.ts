import { Type } from 'typebox';
import {
  defineRoute,
  httpRefusals,
  type RawRequest,
  type Reply,
  type Route,
  reply,
} from '../../platform/http/index.ts';
import { brandOf } from '../brand.ts';
import type { PageDeps } from '../page-deps.ts';
import { type Asset, readAsset, tagOf } from './page-assets.ts';
import { renderBrandSheet } from './render-brand-sheet.ts';

const CSS = 'text/css; charset=utf-8';
const JS = 'text/javascript; charset=utf-8';

const REVALIDATE = 'no-cache';
const FOR_GOOD = 'public, max-age=31536000, immutable';

const base = {
  method: 'GET',
  access: 'public',
  kind: 'asset',
  tag: 'Assets',
  responses: { 200: Type.String() },
} as const;

function send(asset: Asset | null, of: { type: string; cache: string; headers: RawRequest['headers'] }): Reply {
  if (!asset) throw httpRefusals.not_found();
  const etag = `"${asset.tag}"`;
  const headers = { etag, 'cache-control': of.cache };
  if (of.headers['if-none-match'] === etag) return reply({ status: 304, headers });
  return reply({ body: asset.content, headers: { ...headers, 'content-type': of.type } });
}

function ownRoute(path: string, file: string, type: string): Route {
  return defineRoute({
    ...base,
    path,
    summary: 'A file of the hosted pages',
    handle({ headers, query }) {
      const asset = readAsset(file);
      return send(asset, { type, headers, cache: asset && query.v === asset.tag ? FOR_GOOD : REVALIDATE });
    },
  });
}

/** Files that pages of any origin load. */
function publicRoute(path: string, file: string, type: string): Route {
  return defineRoute({
    ...base,
    path,
    cors: 'anybody',
    summary: 'The browser SDK',
    handle({ headers }) {
      const answer = send(readAsset(file), { type, headers, cache: REVALIDATE });
      const open = { 'cross-origin-resource-policy': 'cross-origin', 'access-control-allow-origin': '*' };
      return { ...answer, headers: { ...answer.headers, ...open } };
    },
  });
}

function brandRoute(deps: PageDeps): Route {
  return defineRoute({
    ...base,
    path: '/brand.css',
    summary: "The colour of a client's pages",
    async handle({ headers, query }) {
      const { client_id: id } = query;
      const client = typeof id === 'string' ? await deps.clients.find(id) : await deps.clients.standard();
      const content = Buffer.from(renderBrandSheet(brandOf(client, deps.brand).color));
      return send({ content, tag: tagOf(content) }, { type: CSS, headers, cache: REVALIDATE });
    },
  });
}

/** Everything that is served as it is. */
export function assetRoutes(deps: PageDeps): Route[] {
  return [
    ownRoute('/auth-ui.css', 'pages/auth-ui.css', CSS),
    ownRoute('/auth-ui.js', 'pages/auth-ui.js', JS),
    ownRoute('/favicon.svg', 'pages/favicon.svg', 'image/svg+xml'),
    brandRoute(deps),
    publicRoute('/gatehouse.js', 'gatehouse.js', JS),
    publicRoute('/sdk/gatehouse.js', 'gatehouse.js', JS),
    publicRoute('/sdk/gatehouse.d.ts', 'gatehouse.d.ts', 'application/typescript; charset=utf-8'),
  ];
}
