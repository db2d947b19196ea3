import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** Stands before Postgres and, as poolers may that have no connection to give, refuses a message and takes the next one. */
export interface RefusingPooler {
  port: number;
  /** Refuses the next `begin`, on whichever connection it comes. */
  refuseNext(): void;
  close(): void;
}

const HEAD = 5;

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(HEAD);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** ErrorResponse and ReadyForQuery (PostgreSQL, message formats): too many connections, and not in a transaction. */
const REFUSAL = Buffer.concat([
  message('E', Buffer.from('SERROR\0VERROR\0C53300\0Mno connection to give\0\0')),
  message('Z', Buffer.from('I')),
]);

/** Cuts what a client sends into messages; only the first one has no type. */
function createCutter(): (bytes: Buffer) => Buffer[] {
  let rest: Buffer = Buffer.alloc(0);
  let typed = 0;
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const whole: Buffer[] = [];
    while (rest.length >= typed + 4) {
      const length = typed + rest.readInt32BE(typed);
      if (rest.length < length) break;
      whole.push(rest.subarray(0, length));
      rest = rest.subarray(length);
      typed = 1;
    }
    return whole;
  };
}

/** Starts one before the Postgres on `target` of this machine; without TLS. */
export async function startRefusingPooler(target: number): Promise<RefusingPooler> {
  let mayRefuse = false;
  const isBegin = (one: Buffer) => one[0] === 'Q'.charCodeAt(0) && one.includes('begin');
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    const cut = createCutter();
    near.on('data', (bytes) => {
      for (const one of cut(bytes)) {
        const isRefused = mayRefuse && isBegin(one);
        if (isRefused) mayRefuse = false;
        if (isRefused) near.write(REFUSAL);
        else far.write(one);
      }
    });
    far.on('data', (bytes) => near.write(bytes));
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    refuseNext() {
      mayRefuse = true;
    },
    close: () => void server.close(),
  };
}
