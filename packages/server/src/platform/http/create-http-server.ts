import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import fastifyFormbody from '@fastify/formbody';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Refusal } from '../refusals/index.ts';
import { compileOnFirstUse } from './compile-on-first-use.ts';
import type { Close, HttpServerOptions } from './http-server-options.ts';
import { mountRoutes, rawRequest } from './mount-routes.ts';
import { type AnswerPrepared, createPreparedAnswers } from './prepared-answers.ts';
import { refusals } from './refusals.ts';
import { bodyReadBefore, parseJson } from './request-body.ts';
import type { Route } from './route.ts';
import { securityHeaders } from './security-headers.ts';
import { translateError } from './translate-error.ts';

export interface HttpServer {
  /** Listens and resolves with the port in use. */
  listen(options: { host: string; port: number }): Promise<number>;
  /** Answers one request of a server that somebody else listens with. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Stops listening, answers what is under way, and resolves. */
  close(how?: Close): Promise<void>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    route?: Route;
    methods?: string;
  }
}

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const SWEEP_MS = 50;
/** What a request for no route at all counts as. */
const UNMATCHED = 'unmatched';

/** An address that the router cannot read or will not compare: no hook runs for it, so this does what they would have done. */
function refuseAddress(options: HttpServerOptions, error: { code?: string }, reply: FastifyReply): void {
  const { id: requestId, method } = reply.request;
  const startedAt = performance.now();
  const headers = securityHeaders(options.issuer, { isPage: isForPerson(reply.request) });
  reply.headers(headers).header('x-request-id', requestId);
  reply.raw.once('finish', () => {
    const durationMs = performance.now() - startedAt;
    options.onFinished({ requestId, method, route: UNMATCHED, status: reply.raw.statusCode, durationMs });
  });
  // An id of that length is nobody's.
  const isLong = error.code === 'FST_ERR_MAX_PARAM_LENGTH';
  // Nobody awaits this: what goes wrong here would end the process.
  sendRefusal(options, reply, isLong ? refusals.not_found() : refusals.invalid_request()).catch((fault: unknown) => {
    options.onFault(fault, requestId);
    reply.raw.destroy();
  });
}

function createFastify(options: HttpServerOptions): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: options.bodyLimitBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    genReqId: () => options.newId(),
    exposeHeadRoutes: true,
    frameworkErrors: (error, _request, reply) => refuseAddress(options, error, reply),
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 200 },
    schemaController: compileOnFirstUse(),
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: true, allErrors: false } },
    // A request the parser refuses never reaches a route; the answer is as plain as the request was broken.
    clientErrorHandler: (_error, socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    },
  });
  app.server.headersTimeout = HEADERS_TIMEOUT_MS;
  // Odd content types have been the source of parser vulnerabilities: JSON and forms are all that is read.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, parseJson);
  app.register(fastifyFormbody);
  app.addHook('preClose', () => closeDoor(app));
  app.addHook('preParsing', async (request, _reply, payload) => bodyReadBefore(request.raw) ?? payload);
  return app;
}

/** Whether a person is on the other side: at a page, or with a browser at an address that is nothing. */
function isForPerson(request: FastifyRequest): boolean {
  const route = request.routeOptions.config?.route;
  if (route) return route.kind === 'page';
  return request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
}

async function sendRefusal(options: HttpServerOptions, reply: FastifyReply, refusal: Refusal): Promise<void> {
  const { request } = reply;
  reply.code(refusal.status).headers(refusal.headers);
  if (isForPerson(request)) {
    const { page, headers } = await options.renderRefusal(refusal, rawRequest(request));
    reply.headers(headers).type('text/html; charset=utf-8').send(page.markup);
    return;
  }
  const body = { error: refusal.code, message: refusal.message, request_id: request.id, ...refusal.body };
  reply.type('application/json; charset=utf-8').serializer(JSON.stringify).send(body);
}

function addErrorHandling(app: FastifyInstance, options: HttpServerOptions): void {
  app.setErrorHandler(async (error, request, reply) => {
    const { refusal, fault } = translateError(error);
    if (fault) options.onFault(fault, request.id);
    await sendRefusal(options, reply, refusal);
    return reply;
  });
  app.setNotFoundHandler(async (_request, reply) => {
    await sendRefusal(options, reply, refusals.not_found());
    return reply;
  });
}

function addObservation(app: FastifyInstance, options: HttpServerOptions, isClosing: () => boolean): void {
  const ofPages = securityHeaders(options.issuer, { isPage: true });
  const ofOthers = securityHeaders(options.issuer);
  app.addHook('onRequest', (request, reply, done) => {
    const { route } = request.routeOptions.config ?? {};
    // Some of the files are documents.
    reply.headers(route?.kind === 'asset' || isForPerson(request) ? ofPages : ofOthers);
    reply.header('x-request-id', request.id);
    if (isClosing()) reply.header('connection', 'close');
    const isApi = route !== undefined && (route.kind ?? 'api') === 'api';
    // No id, filter or name of the API holds NUL; an answer that streams could no longer say so when a statement refuses it.
    done(isApi && request.url.includes('%00') ? refusals.invalid_request() : undefined);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.config?.route?.path ?? UNMATCHED;
    const { method, id: requestId } = request;
    options.onFinished({ requestId, method, route, status: reply.statusCode, durationMs: reply.elapsedTime });
    done();
  });
}

/** Puts `first` before the router: what it answers never gets there. */
function answerFirst(app: FastifyInstance, first: AnswerPrepared): void {
  const routers = app.server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
  app.server.removeAllListeners('request');
  app.server.on('request', (request, response) => {
    if (first(request, response)) return;
    for (const router of routers) router(request, response);
  });
}

/** New connections may come for as long as they like; the door closes all the same. */
const MOST_TURNS = 1_000;
/** A turn may end before the system was asked for connections at all. */
const QUIET_TURNS = 2;

const nextTurn = () => new Promise(setImmediate);

/** Takes the connections that the system holds ready: the event loop takes one in a turn. */
async function takeWaitingConnections(server: Server): Promise<void> {
  let quiet = 0;
  const disturb = () => {
    quiet = 0;
  };
  server.on('connection', disturb);
  for (let turn = 0; turn < MOST_TURNS && quiet < QUIET_TURNS; turn++) {
    quiet++;
    await nextTurn();
  }
  server.off('connection', disturb);
}

/**
 * Closes the door: with it the system resets the connections that wait, and a request that was sent on one of them would be lost. In the very turn
 * that brought none, because each further one lets new ones wait, and the router takes several until it closes.
 */
async function closeDoor({ server }: FastifyInstance): Promise<void> {
  await takeWaitingConnections(server);
  // That of HTTP would also let go of connections between two requests, in the turn that may have brought the second.
  Server.prototype.close.call(server);
  await nextTurn();
}

async function closeWithin(app: FastifyInstance, { delayMs = 0, graceMs }: Close): Promise<void> {
  if (delayMs > 0) await delay(delayMs);
  // A connection that falls idle after its last answer would stay open for as long as the client likes.
  const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
  const cut = graceMs === undefined ? undefined : setTimeout(() => app.server.closeAllConnections(), graceMs);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
  }
}

/** Builds the server; it answers once `listen` or the first `handle` has made it ready. Throws when a route has no guard. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const app = createFastify(options);
  let isClosing = false;
  addObservation(app, options, () => isClosing);
  addErrorHandling(app, options);
  mountRoutes(app, options);
  const prepared = createPreparedAnswers(options);
  // While the server closes, the router tells connections to close too.
  const answerPrepared: AnswerPrepared = (request, response) => !isClosing && prepared(request, response);
  answerFirst(app, answerPrepared);
  return {
    async listen({ host, port }) {
      await app.listen({ host, port });
      const address = app.server.address();
      return typeof address === 'object' && address ? address.port : port;
    },
    handle(request, response) {
      if (answerPrepared(request, response)) return;
      app.ready().then(
        () => app.routing(request, response),
        (error: unknown) => {
          options.onFault(error, 'start');
          response.writeHead(500).end();
        },
      );
    },
    close(how = {}) {
      isClosing = true;
      return closeWithin(app, how);
    },
  };
}
