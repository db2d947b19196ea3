import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { FuzzRequest } from './requests.ts';

/** What came back, or the error of the connection. */
export interface FuzzAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  tookMs: number;
  cut: string | null;
}

/** No answer by then is a hang. */
const PATIENCE_MS = 10_000;

/** Sends what `fetch` would refuse to: odd methods, bodies of GET, headers of every kind. */
export function createSender(url: string, parallel: number) {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  const send = ({ method, path, headers, body }: FuzzRequest): Promise<FuzzAnswer> =>
    new Promise((resolve) => {
      const startedAt = performance.now();
      const end = (answer: Partial<FuzzAnswer>) =>
        resolve({ status: 0, headers: {}, text: '', cut: null, ...answer, tookMs: performance.now() - startedAt });
      const length = body === null ? {} : { 'content-length': Buffer.byteLength(body) };
      const asked = request({ agent, hostname, port, method, path, headers: { ...headers, ...length } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', (error) => end({ cut: error.message }));
        response.on('end', () => {
          const { statusCode: status = 0, headers: told } = response;
          end({ status, headers: told, text: Buffer.concat(chunks).toString() });
        });
      });
      asked.setTimeout(PATIENCE_MS, () => asked.destroy(new Error('no answer')));
      asked.on('error', (error) => end({ cut: error.message }));
      asked.end(body ?? undefined);
    });
  return { send, close: () => agent.destroy() };
}
