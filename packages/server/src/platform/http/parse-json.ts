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
