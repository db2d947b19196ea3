// A lean HTTP/1.1 client: one request at a time on a connection that stays open, its bytes made by the caller. It does a fraction of
// the work of a general client, so that the generator is never what is measured.
import { connect, type Socket } from 'node:net';

/** An answer: its status and its body. */
export interface RawAnswer {
  status: number;
  body: Buffer;
}

export type OnAnswer = (answer: RawAnswer) => void;

export interface Connection {
  /** Sends a request; `onAnswer` is called once its answer has arrived. One at a time. */
  ask(request: Buffer, onAnswer: OnAnswer): void;
  close(): void;
}

export interface RequestParts {
  method?: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
}

const END_OF_HEADERS = '\r\n\r\n';
const STATUS_AT = 9;

/** The bytes of a request. */
export function requestBytes({ method, path, headers = {}, body }: RequestParts): Buffer {
  const text = body === undefined ? '' : JSON.stringify(body);
  const all: Record<string, string> = {
    host: 'localhost',
    ...headers,
    ...(body !== undefined && {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(text)),
    }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  const start = `${method ?? (body === undefined ? 'GET' : 'POST')} ${path} HTTP/1.1`;
  return Buffer.from(`${[start, ...lines].join('\r\n')}${END_OF_HEADERS}${text}`);
}

/** The first whole answer in what has arrived so far, or null. */
function readAnswer(bytes: Buffer): RawAnswer | null {
  const end = bytes.indexOf(END_OF_HEADERS);
  if (end < 0) return null;
  const head = bytes.toString('latin1', 0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer without Content-Length:\n${head}`);
  const from = end + END_OF_HEADERS.length;
  const to = from + Number(length);
  if (bytes.length < to) return null;
  return { status: Number(head.slice(STATUS_AT, STATUS_AT + 3)), body: bytes.subarray(from, to) };
}

function attach(socket: Socket): Connection {
  let arrived: Buffer | null = null;
  let waiting: OnAnswer | null = null;
  socket.on('data', (chunk: Buffer) => {
    const bytes = arrived ? Buffer.concat([arrived, chunk]) : chunk;
    const answer = readAnswer(bytes);
    arrived = answer ? null : bytes;
    if (!answer || !waiting) return;
    const onAnswer = waiting;
    waiting = null;
    onAnswer(answer);
  });
  // Nobody waits for an answer that cannot come.
  const giveUp = () => waiting?.({ status: 0, body: Buffer.from('the connection was closed') });
  socket.on('error', () => undefined);
  socket.on('close', giveUp);
  return {
    ask(request, onAnswer) {
      waiting = onAnswer;
      if (socket.destroyed) giveUp();
      else socket.write(request);
    },
    close: () => socket.destroy(),
  };
}

/** Opens a connection to a port of this machine. */
export function openConnection(port: number): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(attach(socket));
    });
  });
}

/** Asks once, on a connection of its own. */
export async function askOnce(port: number, parts: RequestParts): Promise<RawAnswer> {
  const connection = await openConnection(port);
  try {
    return await new Promise((resolve) => connection.ask(requestBytes(parts), resolve));
  } finally {
    connection.close();
  }
}
