/**
 * HTTP: routes as data, turned into a Fastify server.
 *
 * A route states its method, path, access, request and response shapes; from that one statement come validation, response
 * stripping, the guard, the 405 answers and CORS (and, in operations/api-reference, the OpenAPI document). A refusal (an expected "no") or a fault (a defect) is turned into
 * bytes here and nowhere else.
 */
export { createHttpServer, type HttpServer } from './create-http-server.ts';
export { bearerOf, type Cookie, readCookie, writeCookie } from './credentials.ts';
export { type Html, html, htmlAttributes } from './html.ts';
export type { Close, Finished, HttpServerOptions, RefusalPage } from './http-server-options.ts';
export { refusals as httpRefusals } from './refusals.ts';
export { type Reply, reply } from './reply.ts';
export {
  type Access,
  type AccessKind,
  type Callers,
  defineRoute,
  type Guard,
  type Guards,
  type KindOf,
  type Permissions,
  type PreparedAnswer,
  type RawRequest,
  type Route,
  type RouteRequest,
  readAccess,
} from './route.ts';
export { contentSecurityPolicy } from './security-headers.ts';
