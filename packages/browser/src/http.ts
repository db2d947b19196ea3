import type { Environment } from './environment.ts';
import { GatehouseSdkError } from './sdk-error.ts';
import type { Snapshot } from './storage.ts';

/** One request to the server; `path` begins with a slash and is added to the base URL. */
export type ServerRequest = {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly accessToken?: string;
  readonly timeoutMs?: number;
};

/** Sends a request and resolves with its JSON; rejects with `request_failed`. */
export type Send = (request: ServerRequest) => Promise<Record<string, unknown>>;

/** Where requests go, and the client's public key when the server needs it to know the client. */
export type ServerAddress = { readonly baseUrl: string; readonly apiKey?: string | undefined };

/** Creates the only function that talks to the server. Cookies are never sent. */
export function createSend(environment: Pick<Environment, 'fetch'>, address: ServerAddress): Send {
  return async ({ method = 'POST', path, body, accessToken, timeoutMs = 30_000 }) => {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (address.apiKey !== undefined) headers['x-api-key'] = address.apiKey;
    if (accessToken !== undefined) headers.authorization = `Bearer ${accessToken}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const init: RequestInit = { method, headers, credentials: 'omit', cache: 'no-store' };
    if (body !== undefined) init.body = JSON.stringify(body);
    const response = await reach(() =>
      environment.fetch(address.baseUrl + path, { ...init, signal: AbortSignal.timeout(timeoutMs) }),
    );
    return readAnswer(response, await reach(() => response.text()));
  };
}

/** Reads a token answer; `me` is filled in by whoever loads it. */
export function readTokenAnswer(answer: Record<string, unknown>, receivedAt: number): Snapshot {
  const {
    session_id: sessionId,
    access_token: accessToken,
    refresh_token: refreshToken,
    expires_in: lifetime,
  } = answer;
  if (!isText(sessionId) || !isText(accessToken) || !isText(refreshToken) || !Number.isFinite(lifetime)) {
    throw invalidAnswer(200);
  }
  return {
    sessionId,
    accessToken,
    refreshToken,
    receivedAt,
    expiresAt: receivedAt + Number(lifetime) * 1000,
    me: null,
  };
}

async function reach<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw new GatehouseSdkError('request_failed', 'The server could not be reached.', {
      error: 'network_error',
      cause,
    });
  }
}

function readAnswer({ ok, status }: Response, text: string): Record<string, unknown> {
  const answer = parseObject(text);
  if (ok && answer) return answer;
  if (ok) throw invalidAnswer(status);
  const error = isText(answer?.error) ? answer.error : 'unknown_error';
  const message = isText(answer?.message) ? answer.message : `The server answered ${status}.`;
  throw new GatehouseSdkError('request_failed', message, { status, error });
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function invalidAnswer(status: number): GatehouseSdkError {
  return new GatehouseSdkError('request_failed', 'The answer is not one of this server.', {
    status,
    error: 'invalid_answer',
  });
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
