import type { Clock } from '../clock/index.ts';
import { FetchRefusal, type SafeFetch, type SafeResponse } from '../fetch/index.ts';
import { signatureHeaders } from './sign.ts';

/** Something to send, once. */
export interface SignedPost {
  url: string;
  /** What receivers forget repetitions by: the same at every attempt. */
  id: string;
  deliveryId: string;
  /** What kind of thing it is: `X-Gatehouse-Event`. */
  kind: string;
  /** JSON. */
  body: string;
  /** Each signs; the newest first. */
  secrets: readonly string[];
}

/** What came of it: the status of an answer, or the reason why there was none. `error` is null when it was taken. */
export interface PostOutcome {
  status: number | null;
  error: string | null;
  durationMs: number;
  /** How long a receiver that is busy asks to be left alone. */
  retryAfterMs: number | null;
}

/** What `Retry-After` of an answer asks for: seconds, or a date (RFC 9110 §10.2.3); null when it is neither, or not the place for it. */
function retryAfterIn({ status, headers }: SafeResponse, now: number): number | null {
  const text = headers['retry-after']?.trim();
  if (text === undefined || (status !== 429 && status !== 503)) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

async function post(
  deps: { clock: Clock; fetch: SafeFetch },
  one: SignedPost,
): Promise<Omit<PostOutcome, 'durationMs'>> {
  const content = { id: one.id, timestamp: Math.floor(deps.clock.now() / 1000), body: one.body };
  try {
    const answer = await deps.fetch(one.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Gatehouse-Webhooks/1',
        'x-gatehouse-event': one.kind,
        'x-gatehouse-delivery': one.deliveryId,
        ...signatureHeaders(content, one.secrets),
      },
      body: one.body,
    });
    const { status } = answer;
    const error = status >= 200 && status < 300 ? null : `http_${status}`;
    return { status, error, retryAfterMs: retryAfterIn(answer, deps.clock.now()) };
  } catch (error) {
    if (error instanceof FetchRefusal) return { status: null, error: error.code, retryAfterMs: null };
    throw error;
  }
}

/** Sends it now; what the receiver does wrong is an outcome, not an error. */
export async function postSigned(deps: { clock: Clock; fetch: SafeFetch }, one: SignedPost): Promise<PostOutcome> {
  // An unsigned post would teach receivers to accept one.
  if (one.secrets.length === 0) return { status: null, error: 'no_signing_secret', durationMs: 0, retryAfterMs: null };
  const startedAt = performance.now();
  const outcome = await post(deps, one);
  return { ...outcome, durationMs: Math.round(performance.now() - startedAt) };
}
