// What stands before two nodes: sends requests by turns to those that are ready, and one that no node can have read to the next.

import { Agent, request as ask, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { headersOf, type Reply, type Request, Unanswered } from '../ledger/act.ts';

const FAILED = 500;
const BETWEEN_QUESTIONS_MS = 50;

export interface RoundRobin {
  send(request: Request): Promise<Reply>;
  /** The nodes in turn. */
  nodes: string[];
  /** Requests that a node may have read and never answered, or answered that it cannot: 500 and up. */
  lost: { what: string; sentAt: number; at: number }[];
  close(): void;
}

/** There never was a connection: of any other, nobody knows what became of the request. */
function wasUnread({ syscall }: NodeJS.ErrnoException): boolean {
  return syscall === 'connect';
}

/** A whole answer, not yet read. */
interface Received {
  status: number;
  requestId: string;
  text: string;
}

async function receive(response: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const requestId = String(response.headers['x-request-id']);
  return { status: response.statusCode ?? 0, requestId, text: Buffer.concat(chunks).toString() };
}

/** Asks one node once; null when the node cannot have read the request. */
function askNode(agent: Agent, url: string, request: Request): Promise<Received | null> {
  return new Promise((resolve, reject) => {
    const sent = ask(url + request.path, { agent, method: request.method ?? 'POST', headers: headersOf(request) });
    sent.on('error', (error) => (wasUnread(error) ? resolve(null) : reject(error)));
    sent.on('response', (response) => receive(response).then(resolve, reject));
    sent.end(request.body && JSON.stringify(request.body));
  });
}

/** Asks all nodes over and over whether they are ready, until it is ended. */
function watchReadiness(nodes: string[]): { isReady(url: string): boolean; end(): void } {
  const unready = new Set<string>();
  let ended = false;
  const askAll = () =>
    nodes.map(async (url) => {
      const { ok } = await fetch(`${url}/readyz`).catch(() => ({ ok: false }));
      if (ok) unready.delete(url);
      else unready.add(url);
    });
  void (async () => {
    while (!ended) {
      await Promise.all(askAll());
      await delay(BETWEEN_QUESTIONS_MS);
    }
  })();
  return {
    isReady: (url) => !unready.has(url),
    end() {
      ended = true;
    },
  };
}

/** Stands before `nodes`, which may change. Where none is killed, `inOrder`, it heeds whether they are ready, and keeps connections. */
export function createRoundRobin(nodes: string[], { inOrder }: { inOrder: boolean }): RoundRobin {
  // Idle connections to a node that was killed would be lost requests of the balancer's own making.
  const agent = new Agent({ keepAlive: inOrder });
  const readiness = inOrder ? watchReadiness(nodes) : null;
  const lost: RoundRobin['lost'] = [];
  let turn = 0;
  const lose = ({ method, path }: Request, sentAt: number, how: string) =>
    lost.push({ what: `${method ?? 'POST'} ${path}: ${how}`, sentAt, at: performance.now() });
  const pass = async (request: Request): Promise<Received> => {
    const first = turn;
    turn++;
    for (let tries = 0; tries <= 2 * nodes.length; tries++) {
      const url = nodes[(first + tries) % nodes.length] ?? '';
      if (readiness?.isReady(url) === false) continue;
      const received = await askNode(agent, url, request);
      if (received) return received;
    }
    throw new Error('no node takes connections');
  };
  return {
    nodes,
    lost,
    close() {
      readiness?.end();
      agent.destroy();
    },
    async send(request) {
      const sentAt = performance.now();
      const { status, requestId, text } = await pass(request).catch((error: Error) => {
        lose(request, sentAt, error.message);
        throw new Unanswered(request.path, { cause: error });
      });
      if (status >= FAILED) lose(request, sentAt, `answered ${status}`);
      return { status, requestId, body: text ? JSON.parse(text) : null };
    },
  };
}
