import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
export interface Arrival {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  raw: Buffer;
  text: string;
  /** When, by the machine's own clock. */
  at: number;
}

/** How a receiver answers: a status, or whatever the function does with the response (nothing: it never answers). */
type Answering = number | ((arrival: Arrival, response: ServerResponse) => void);

export interface Receiver {
  url: string;
  port: number;
  arrivals: Arrival[];
  connections(): number;
  answerWith(how: Answering): void;
  /** Resolves as soon as `count` requests have arrived in all. */
  arrived(count: number): Promise<Arrival[]>;
  close(): Promise<void>;
}

/** A server on this machine that keeps what it is sent. */
// long: one server and what a test does with it
export async function startReceiver(initially: Answering = 204): Promise<Receiver> {
  const arrivals: Arrival[] = [];
  const waiting: { count: number; resolve(found: Arrival[]): void }[] = [];
  let how = initially;
  let connections = 0;
  const tell = () => {
    for (const one of waiting) if (arrivals.length >= one.count) one.resolve(arrivals);
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const { method = '', url: path = '', headers } = request;
      const arrival = { method, path, headers, raw, text: raw.toString(), at: Date.now() };
      arrivals.push(arrival);
      if (typeof how === 'number') response.writeHead(how).end();
      else how(arrival, response);
      tell();
    });
  }).on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    arrivals,
    connections: () => connections,
    answerWith: (answer) => {
      how = answer;
    },
    arrived: (count) =>
      new Promise((resolve) => {
        waiting.push({ count, resolve });
        tell();
      }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
