// One request of the load: asked, answered or left in doubt, and each of it in the ledger.
import type { Answer } from '../../kit/test-server.ts';
import { type About, agentOf, type Ledger, type Op } from './ledger.ts';

/** The origin that the pages of the server would have. */
export const ORIGIN = 'http://localhost:7777';
export const ADMIN_KEY = 'the break-glass key of the faults, long enough';
const UNAVAILABLE = 503;
export const CLIENT = '/api/admin/clients/default';

/** Where requests go: to the server at a URL, or to whatever else answers them. */
export type Server = string | ((request: Request) => Promise<Reply>);

/** A server to act on, and the ledger to write to. */
export interface Scene {
  server: Server;
  ledger: Ledger;
  /** Goes along with the acts, and with nothing that prepares them. */
  actHeaders?: Record<string, string>;
}

/** The server went away before it answered. */
export class Unanswered extends Error {
  override name = 'Unanswered';
}

export interface Request {
  method?: string;
  path: string;
  body?: object;
  bearer?: string;
  headers?: Record<string, string>;
}

export interface Reply {
  status: number;
  requestId: string;
  body: Answer['body'];
}

/** Headers of the operator who holds the break-glass key. */
export const asAdmin = { 'x-admin-key': ADMIN_KEY };

/** The headers of a request as its client sends them. */
export function headersOf({ body, bearer, headers }: Request): Record<string, string> {
  return {
    origin: ORIGIN,
    ...(body && { 'content-type': 'application/json' }),
    ...(bearer && { authorization: `Bearer ${bearer}` }),
    ...headers,
  };
}

/** The whole answer to one request, not yet read. */
async function receive(url: string, request: Request): Promise<{ response: Response; text: string }> {
  const { method, path, body } = request;
  try {
    const headers = headersOf(request);
    const sent = { method: method ?? 'POST', headers, ...(body && { body: JSON.stringify(body) }) };
    const response = await fetch(url + path, sent);
    return { response, text: await response.text() };
  } catch (error) {
    throw new Unanswered(`${method ?? 'POST'} ${path}`, { cause: error });
  }
}

/** Sends one request. Throws Unanswered unless the whole answer arrived; what arrived and cannot be read is no such case. */
export async function send(server: Server, request: Request): Promise<Reply> {
  if (typeof server !== 'string') return server(request);
  const { response, text } = await receive(server, request);
  const requestId = response.headers.get('x-request-id') ?? '';
  return { status: response.status, requestId, body: text ? JSON.parse(text) : null };
}

/**
 * Like `send`, for those who take "not now" for no answer: it does not say that nothing was done, for a commit whose answer is
 * overdue may have been stored all the same.
 */
export async function attempt(server: Server, request: Request): Promise<Reply> {
  const reply = await send(server, request);
  if (reply.status === UNAVAILABLE) throw new Unanswered(request.path);
  return reply;
}

/** An act that was answered: the answer, or null when the server said no. */
export interface Done {
  id: string;
  body: Answer['body'];
}

/** Does something and writes it down; `learn` says what the answer brought. Throws Unanswered, and then the act is in doubt. */
export async function act(
  scene: Scene,
  of: { op: Op; about: About; learn?: (body: Reply['body']) => About },
  request: Request,
): Promise<Done> {
  const id = scene.ledger.asked(of.op, of.about);
  const headers = { ...request.headers, ...scene.actHeaders, 'user-agent': agentOf(id) };
  const { status, requestId, body } = await attempt(scene.server, { ...request, headers });
  if (status >= 300) {
    scene.ledger.refused(id, `${status} ${body?.error}`);
    return { id, body: null };
  }
  scene.ledger.answered(id, { requestId, about: of.learn?.(body) ?? {} });
  return { id, body };
}
