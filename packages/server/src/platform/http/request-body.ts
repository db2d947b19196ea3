import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { refusals } from './refusals.ts';

const DEEPEST = 32;

/** Whether braces nest deeper than any body of ours does; checked before parsing, because the parser recurses (T-084). */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (character === 0x7b || character === 0x5b) depth++;
    else if (character === 0x7d || character === 0x5d) depth--;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** `__proto__` and `constructor.prototype` as keys have one use only, and it is not ours (T-081). */
function refusePrototypeKeys(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('forbidden key');
  if (key === 'constructor' && typeof value === 'object' && value !== null && 'prototype' in value)
    throw new SyntaxError('forbidden key');
  return value;
}

function readJson(source: string): unknown {
  if (source.trim() === '') return {};
  if (isTooDeep(source)) throw new SyntaxError('nested too deep');
  const suspicious = source.includes('__proto__') || source.includes('constructor') || source.includes('\\u');
  return suspicious ? JSON.parse(source, refusePrototypeKeys) : JSON.parse(source);
}

/** Reads a JSON body; an empty one is `{}`. Refuses with invalid_request whatever cannot be read. */
export function parseJson(
  _request: FastifyRequest,
  text: string | Buffer,
  done: (error: Error | null, body?: unknown) => void,
): void {
  try {
    done(null, readJson(text.toString()));
  } catch {
    done(refusals.invalid_request({ detail: 'malformed or hostile JSON' }));
  }
}

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
