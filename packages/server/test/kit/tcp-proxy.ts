import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line between two programs that a test may cut, hold up or lead elsewhere. */
export interface TcpProxy {
  port: number;
  /** Leads what connects from now on to another port of this machine. */
  pointTo(port: number): void;
  /** Ends all connections and takes no more. */
  cut(): void;
  /** Holds up every byte and every new connection; nobody is told. */
  stall(): void;
  /** Lets everything through again. */
  pass(): void;
  close(): Promise<void>;
}

/** Starts a proxy to `port` of this machine. */
// long: one line and what can happen to it
export async function startTcpProxy(port: number): Promise<TcpProxy> {
  const pairs = new Set<[Socket, Socket]>();
  let target = port;
  let state: 'passing' | 'cut' | 'stalled' = 'passing';
  const forEnds = (what: (socket: Socket) => void) => {
    for (const pair of pairs) pair.forEach(what);
  };
  const server = createServer((near) => {
    if (state === 'cut') return void near.destroy();
    const far = connect(target, '127.0.0.1');
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => near.write(bytes));
    for (const [one, other] of [pair, [far, near] as const]) {
      one.on('error', () => undefined);
      one.on('close', () => {
        other.destroy();
        pairs.delete(pair);
      });
      if (state === 'stalled') one.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    pointTo(other) {
      target = other;
    },
    cut() {
      state = 'cut';
      forEnds((socket) => socket.destroy());
    },
    stall() {
      state = 'stalled';
      forEnds((socket) => socket.pause());
    },
    pass() {
      state = 'passing';
      forEnds((socket) => socket.resume());
    },
    async close() {
      forEnds((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
