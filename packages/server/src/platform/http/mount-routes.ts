import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { corsHeaders } from './cors.ts';
import type { HttpServerOptions } from './http-server-options.ts';
import { refusals } from './refusals.ts';
import { isReply } from './reply.ts';
import { type Guard, type RawRequest, type Route, readAccess } from './route.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** The parts of a request that guards, handlers and error pages read. */
export function rawRequest(request: FastifyRequest): RawRequest {
  return {
    method: request.method,
    url: request.url,
    headers: request.headers,
    // An address that could not be read has neither.
    query: (request.query ?? {}) as Record<string, string>,
    params: (request.params ?? {}) as Record<string, string>,
    body: request.body,
    facts: { requestId: request.id, ip: request.ip, userAgent: (request.headers['user-agent'] ?? '').slice(0, 400) },
  };
}

function send(reply: FastifyReply, answer: unknown): unknown {
  if (!isReply(answer)) return reply.send(answer);
  reply.code(answer.status).headers(answer.headers);
  if (answer.cookies.length > 0) reply.header('set-cookie', answer.cookies);
  return reply.send(answer.body);
}

function schemaOf(route: Route): object {
  return {
    ...(route.body && { body: route.body }),
    ...(route.query && { querystring: route.query }),
    ...(route.params && { params: route.params }),
    ...((route.kind ?? 'api') === 'api' && { response: route.responses }),
  };
}

interface Mounted {
  route: Route;
  /** All methods of the address, for Allow and CORS. */
  methods: string;
}

function mountRoute(app: FastifyInstance, guards: HttpServerOptions['guards'], { route, methods }: Mounted): void {
  const { kind, permission } = readAccess(route.access);
  const guard = guards[kind] as Guard<unknown, unknown> | undefined;
  if (!guard) throw new Error(`${route.method} ${route.path} declares no access that anybody guards: ${kind}`);
  // A request without any body has no type either: it says as much as `{}` does.
  const takesJson = route.body !== undefined && (route.kind ?? 'api') === 'api';
  app.route({
    method: route.method,
    url: route.path,
    schema: schemaOf(route),
    config: { route, methods },
    // Who asks is settled before what they ask is looked at: a stranger learns nothing from a complaint about a field.
    preValidation: async (request) => {
      if (takesJson && request.body === undefined) request.body = {};
      request.setDecorator('caller', await guard(rawRequest(request), permission));
    },
    handler: async (request, reply) => {
      const raw = rawRequest(request);
      const { body, query, params } = request;
      const answer = await route.handle({
        caller: request.getDecorator<never>('caller'),
        body: body as never,
        query: query as never,
        params: params as never,
        headers: raw.headers,
        facts: raw.facts,
      });
      return send(reply, answer);
    },
  });
}

function groupByPath(routes: readonly Route[]): Map<string, Route[]> {
  const paths = new Map<string, Route[]>();
  for (const route of routes) paths.set(route.path, [...(paths.get(route.path) ?? []), route]);
  return paths;
}

/** Every other method of a known address is answered 405 with Allow (RFC 9110 §15.5.6), OPTIONS by CORS. */
function mountOtherMethods(app: FastifyInstance, routes: readonly Route[], methods: string): void {
  const [route] = routes;
  if (!route) return;
  const taken = new Set<string>(routes.map((one) => one.method));
  const config = { route, methods };
  app.route({ method: 'OPTIONS', url: route.path, config, handler: (_request, reply) => reply.code(204).send() });
  app.route({
    method: METHODS.filter((method) => !taken.has(method)),
    url: route.path,
    config,
    // Decided before the body is read: what it holds does not matter.
    onRequest: async () => {
      throw refusals.method_not_allowed({ headers: { allow: methods } });
    },
    handler: () => undefined,
  });
}

function addCors(app: FastifyInstance, options: HttpServerOptions): void {
  // Most requests come from no page: they pass without a promise.
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    if (!origin) return done();
    const { route, methods } = request.routeOptions.config ?? {};
    if (!route) return done();
    reply.header('vary', 'Origin');
    if (origin === options.issuer) return done();
    const cors = route.cors ?? (route.kind === undefined || route.kind === 'api' ? 'tokens' : 'nobody');
    corsHeaders({ origin, cors, methods: methods ?? '' }, options.isOriginAllowed).then((headers) => {
      reply.headers(headers);
      done();
    }, done);
  });
}

/** Gives every route its guard, validation, CORS and 405 companions. Throws when one has no guard. */
export function mountRoutes(app: FastifyInstance, options: HttpServerOptions): void {
  app.decorateRequest('caller', null);
  addCors(app, options);
  app.register(async (scope) => {
    for (const routes of groupByPath(options.routes).values()) {
      const methods = ['OPTIONS', ...routes.map((route) => route.method)].sort().join(', ');
      for (const route of routes) mountRoute(scope, options.guards, { route, methods });
      mountOtherMethods(scope, routes, methods);
    }
  });
}
