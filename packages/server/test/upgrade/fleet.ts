// Two servers on one database behind a balancer that takes a server out, and waits for what it still answers, before it is stopped: a
// rolling deployment.
import { request } from 'node:http';
import type { RunningServer, Workplace } from '../kit/gatehouse-command.ts';
import type { Answer } from '../kit/test-server.ts';

export interface Reply {
  status: number;
  body: Answer['body'];
}

export interface Ask {
  path: string;
  method?: 'GET' | 'POST';
  body?: object;
  token?: string;
}

function askOne(url: string, { path, method, body, token }: Ask): Promise<Reply> {
  const headers = {
    ...(body && { 'content-type': 'application/json' }),
    ...(token && { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    // A connection for each request, as balancers make them unless told otherwise.
    const sent = request(url + path, { method: method ?? (body ? 'POST' : 'GET'), headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text ? JSON.parse(text) : null }));
    });
    sent.on('error', reject);
    sent.end(body && JSON.stringify(body));
  });
}

export interface Fleet {
  /** Asks one of the servers that are in. */
  ask(request: Ask): Promise<Reply>;
  /** Takes a server out, stops it, and starts another version in its place. */
  replace(slot: 0 | 1, version: Workplace): Promise<void>;
  stop(): Promise<void>;
}

/** Starts both servers in one version. */
export async function openFleet(version: Workplace, environment: Record<string, string>): Promise<Fleet> {
  const slots: RunningServer[] = [await version.start([], environment), await version.start([], environment)];
  const underWay = new Map<RunningServer, Set<Promise<unknown>>>();
  let inside = [...slots];
  let turn = 0;
  return {
    ask(asked) {
      turn++;
      const server = inside[turn % inside.length] as RunningServer;
      const waiting = underWay.get(server) ?? new Set();
      underWay.set(server, waiting);
      const answer = askOne(server.url, asked).finally(() => waiting.delete(answer));
      waiting.add(answer);
      return answer;
    },
    async replace(slot, next) {
      const old = slots[slot] as RunningServer;
      inside = inside.filter((server) => server !== old);
      await Promise.allSettled(underWay.get(old) ?? []);
      const { exitCode } = await old.end('SIGTERM');
      if (exitCode !== 0) throw new Error(`a server ended with ${exitCode}:\n${old.output()}`);
      const fresh = await next.start([], environment);
      slots[slot] = fresh;
      inside.push(fresh);
    },
    async stop() {
      for (const server of slots) await server.end('SIGTERM');
    },
  };
}
