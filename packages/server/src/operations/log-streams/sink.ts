import type { SafeFetch, SafeRequest, SafeResponse } from '../../platform/fetch/index.ts';
import type { OutgoingEvent } from '../event-feed/index.ts';

/** Somewhere that events are carried to. */
export interface Sink {
  name: string;
  /** How long events may be gathered before they are sent; 0 sends them at once. */
  gatherMs: number;
  /** Resolves when all of them are taken; may be given the same ones again. */
  send(events: readonly OutgoingEvent[]): Promise<void>;
}

/** What sinks need of the house. */
export interface SinkDeps {
  fetch: SafeFetch;
  clock: { now(): number };
}

/** Why a batch was not taken; its message is kept and shown, so it holds nothing of what was sent. */
export class SinkFailure extends Error {
  override name = 'SinkFailure';
}

/** Sends and returns the answer, or throws SinkFailure for a status that is none of `expected`. */
export async function sendTo(
  fetch: SafeFetch,
  url: string,
  request: SafeRequest & { expected: readonly number[] },
): Promise<SafeResponse> {
  const { expected, ...rest } = request;
  const answer = await fetch(url, rest);
  if (!expected.includes(answer.status)) throw new SinkFailure(`answered ${answer.status}`);
  return answer;
}

/** The body of an answer as JSON; throws SinkFailure when it is none. */
export function jsonOf(answer: SafeResponse): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(answer.body).toString()) as Record<string, unknown>;
  } catch {
    throw new SinkFailure('answered something that is not JSON');
  }
}

const SPARE_MS = 60_000;

/** A bearer token that is fetched once and again shortly before it expires. */
export function createTokenCache(
  clock: SinkDeps['clock'],
  obtain: () => Promise<Record<string, unknown>>,
): () => Promise<string> {
  let held = { token: '', until: 0 };
  return async () => {
    if (clock.now() < held.until) return held.token;
    const { access_token: token, expires_in: seconds } = await obtain();
    if (typeof token !== 'string') throw new SinkFailure('no access token was given');
    held = { token, until: clock.now() + Number(seconds ?? 0) * 1000 - SPARE_MS };
    return token;
  };
}
