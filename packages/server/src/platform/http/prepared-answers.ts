import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpServerOptions } from './http-server-options.ts';
import type { PreparedAnswer, Route } from './route.ts';
import { securityHeaders } from './security-headers.ts';

/** Answers a request, if it is one whose answer is at hand; false when it needs the router. */
export type AnswerPrepared = (request: IncomingMessage, response: ServerResponse) => boolean;

/** An answer as it is written: headers as names and values in turn, the last value being the id of the request. */
interface Written {
  head: string[];
  body: string;
  encoding: 'latin1' | 'utf8';
}

/** What could make the answer another one than everybody gets. */
const TELLING = ['origin', 'x-api-key', 'if-none-match', 'content-length', 'transfer-encoding'];
// Head and body leave in one write when both are Latin-1.
// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with its control characters
const ASCII = /^[\x00-\x7f]*$/;

function isBare({ headers }: IncomingMessage): boolean {
  return TELLING.every((name) => headers[name] === undefined);
}

function write({ body, headers }: PreparedAnswer, onEvery: Record<string, string>): Written {
  const all = { ...onEvery, ...headers, 'content-length': String(Buffer.byteLength(body)) };
  return {
    head: [...Object.entries(all).flat(), 'x-request-id', ''],
    body,
    encoding: ASCII.test(body) ? 'latin1' : 'utf8',
  };
}

/**
 * Lets answers that are the same for everybody leave without the router: the key set is asked for by every back end there is. What such
 * a request is answered is what the router would have answered, header for header.
 */
export function createPreparedAnswers(
  options: Pick<HttpServerOptions, 'routes' | 'issuer' | 'newId' | 'onFinished'>,
): AnswerPrepared {
  const routes = new Map<string, Route>();
  for (const route of options.routes) {
    if (!route.prepared) continue;
    // No guard is asked before it is sent.
    if (route.method !== 'GET' || route.access !== 'public')
      throw new Error(`${route.method} ${route.path} is not for everybody: nothing can be prepared for it`);
    routes.set(route.path, route);
  }
  const onEvery = securityHeaders(options.issuer);
  const written = new WeakMap<PreparedAnswer, Written>();
  const writtenOf = (answer: PreparedAnswer): Written => {
    const known = written.get(answer);
    if (known) return known;
    const fresh = write(answer, onEvery);
    written.set(answer, fresh);
    return fresh;
  };
  return (request, response) => {
    const { method, url = '' } = request;
    const route = method === 'GET' ? routes.get(url) : undefined;
    const answer = route && isBare(request) ? route.prepared?.() : null;
    if (!route || !answer) return false;
    const startedAt = performance.now();
    const { head, body, encoding } = writtenOf(answer);
    const requestId = options.newId();
    // Read before writeHead returns: one array does for all.
    head[head.length - 1] = requestId;
    response.writeHead(200, head);
    response.end(body, encoding);
    const durationMs = performance.now() - startedAt;
    options.onFinished({ requestId, method: 'GET', route: route.path, status: 200, durationMs });
    return true;
  };
}
