import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/** A request as body parsers of Express and Connect leave it. */
type MountedRequest = IncomingMessage & { body?: unknown };

/** What Fastify compares with Content-Length. */
type Payload = Readable & { receivedEncodedLength?: number };

function writeBody(body: unknown, contentType: string): string | Buffer {
  if (typeof body === 'string' || Buffer.isBuffer(body)) return body;
  const isForm = contentType.startsWith('application/x-www-form-urlencoded');
  return isForm ? new URLSearchParams(body as Record<string, string>).toString() : JSON.stringify(body);
}

/**
 * The body of a request that a program read before it handed the request on (`express.json()` in front of the mounted handler):
 * written again, because a stream that has ended would be waited for in vain. Null when the stream is still unread.
 * Throws when the body was read and thrown away.
 */
export function bodyReadBefore(request: IncomingMessage): Payload | null {
  const { body } = request as MountedRequest;
  const length = request.headers['content-length'];
  const hasBody = request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
  if (!hasBody || !request.readableEnded) return null;
  if (body === undefined)
    throw new Error('the body of this request was read, and not kept, before it came to Gatehouse');
  const payload: Payload = Readable.from([Buffer.from(writeBody(body, request.headers['content-type'] ?? ''))]);
  // Spaces and the order of fields may differ from what was sent: only the length on the wire is the one announced.
  if (length !== undefined) payload.receivedEncodedLength = Number(length);
  return payload;
}
