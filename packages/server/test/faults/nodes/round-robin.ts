// What stands before two nodes: sends requests to them by turns, and a request that no node can have read to the next one.
import { Agent, request as ask, type IncomingMessage } from 'node:http';
import { headersOf, type Reply, type Request, Unanswered } from '../ledger/act.ts';

const FAILED = 500;

export interface RoundRobin {
  send(request: Request): Promise<Reply>;
  /** The nodes in turn. */
  nodes: string[];
  /** Requests that a node may have read and never answered, or answered that it cannot: 500 and up. */
  lost: { what: string; sentAt: number; at: number }[];
  close(): void;
}

/**
 * There never was a connection. Where nodes end in order, also: one that had been idle was closed just as the request was written to
 * it; where they are killed nobody knows what became of that.
 */
function wasUnread({ code, syscall }: NodeJS.ErrnoException, idleBefore: boolean): boolean {
  return syscall === 'connect' || (idleBefore && (code === 'ECONNRESET' || code === 'EPIPE'));
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
function askNode(to: { agent: Agent; url: string; inOrder: boolean }, request: Request): Promise<Received | null> {
  const { agent, url, inOrder } = to;
  return new Promise((resolve, reject) => {
    const sent = ask(url + request.path, { agent, method: request.method ?? 'POST', headers: headersOf(request) });
    sent.on('error', (error) => (wasUnread(error, inOrder && sent.reusedSocket) ? resolve(null) : reject(error)));
    sent.on('response', (response) => receive(response).then(resolve, reject));
    sent.end(request.body && JSON.stringify(request.body));
  });
}

/** Stands before `nodes`, which may change; `inOrder` when none of them is killed. */
export function createRoundRobin(nodes: string[], { inOrder }: { inOrder: boolean }): RoundRobin {
  // Idle connections to a node that was killed would be lost requests of the balancer's own making.
  const agent = new Agent({ keepAlive: inOrder });
  const lost: RoundRobin['lost'] = [];
  let turn = 0;
  const lose = ({ method, path }: Request, sentAt: number, how: string) =>
    lost.push({ what: `${method ?? 'POST'} ${path}: ${how}`, sentAt, at: performance.now() });
  const pass = async (request: Request): Promise<Received> => {
    const first = turn;
    turn++;
    for (let tries = 0; tries <= 2 * nodes.length; tries++) {
      const url = nodes[(first + tries) % nodes.length] ?? '';
      const received = await askNode({ agent, url, inOrder }, request);
      if (received) return received;
    }
    throw new Error('no node takes connections');
  };
  return {
    nodes,
    lost,
    close: () => agent.destroy(),
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
