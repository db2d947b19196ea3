import { createHmac, timingSafeEqual } from 'node:crypto';

/** Why a webhook was not accepted. */
export type WebhookErrorCode =
  | 'webhook_headers_missing'
  | 'webhook_timestamp_invalid'
  | 'webhook_too_old'
  | 'webhook_too_new'
  | 'webhook_signature_invalid'
  | 'webhook_body_invalid';

/** The one error that `verifyWebhook` throws for what was sent. Its message holds no part of it. */
export class WebhookError extends Error {
  readonly code: WebhookErrorCode;

  constructor(code: WebhookErrorCode, message: string) {
    super(message);
    this.name = 'WebhookError';
    this.code = code;
  }
}

/** An event of the audit log, as it arrives. */
export interface WebhookEvent {
  /** The name of the event: the same as `event_type`. */
  type: string;
  /** The place in the audit log; null for a `webhook.test`. */
  seq: number | null;
  id: string;
  client_id: string;
  user_id: string | null;
  event_type: string;
  actor_type: string;
  actor_id: string | null;
  target_type: string;
  target_id: string | null;
  request_id: string;
  ip: string;
  user_agent: string;
  metadata: Record<string, unknown>;
  /** ISO 8601, UTC. */
  created_at: string;
}

type HeaderSource = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface VerifyWebhookOptions {
  /** `whsec_…`, or the signing secret of the configuration. */
  secret?: string | undefined;
  /** Several, of which one must fit: during a rotation, or for several endpoints on one address. */
  secrets?: readonly string[];
  /** Of the request: a `Headers`, or the object of `node:http`. */
  headers: HeaderSource;
  /** The body as it arrived. Parsed and written again it would be another text. */
  body: string | Uint8Array;
  /** How far the time of sending may be from now, in seconds; 300 unless given. */
  toleranceSeconds?: number;
  /** Milliseconds since the epoch; for tests. */
  now?: () => number;
}

/** A webhook that is genuine and recent. */
export interface VerifiedWebhook {
  /** The same at every attempt: remember it, and ignore what was seen before. */
  id: string;
  event: WebhookEvent;
}

const DIGITS = /^\d{1,12}$/;
const MOST_SIGNATURES = 16;

function headerOf(headers: HeaderSource, name: string): string {
  if (headers instanceof Headers) return headers.get(name) ?? '';
  const key = Object.keys(headers).find((one) => one.toLowerCase() === name);
  const value = key === undefined ? undefined : headers[key];
  return typeof value === 'string' ? value : '';
}

function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret);
}

function checkTime(timestamp: string, { toleranceSeconds = 300, now = Date.now }: VerifyWebhookOptions): void {
  if (!DIGITS.test(timestamp)) throw new WebhookError('webhook_timestamp_invalid', 'The timestamp is not a number.');
  const ageSeconds = Math.floor(now() / 1000) - Number(timestamp);
  if (ageSeconds > toleranceSeconds) throw new WebhookError('webhook_too_old', 'The webhook was sent too long ago.');
  if (ageSeconds < -toleranceSeconds) throw new WebhookError('webhook_too_new', 'The webhook is from the future.');
}

/** Every pair is compared, in constant time, so that the duration tells nothing about what fits. */
function isSigned(found: readonly string[], expected: readonly Buffer[]): boolean {
  let matches = 0;
  for (const text of found.slice(0, MOST_SIGNATURES)) {
    const signature = Buffer.from(text.replace(/^v1,/, ''), 'base64');
    for (const one of expected) if (signature.length === one.length && timingSafeEqual(signature, one)) matches++;
  }
  return matches > 0;
}

function parse(body: Buffer): WebhookEvent {
  try {
    return JSON.parse(body.toString('utf8')) as WebhookEvent;
  } catch {
    throw new WebhookError('webhook_body_invalid', 'The body is not JSON.');
  }
}

/**
 * Checks that a webhook comes from Gatehouse, unchanged and recently, and returns its event (Standard Webhooks). Throws WebhookError, and
 * TypeError when no secret is given. Whether it came before only the caller can know: by `id`.
 */
export function verifyWebhook(options: VerifyWebhookOptions): VerifiedWebhook {
  const secrets = [...(options.secrets ?? []), ...(options.secret === undefined ? [] : [options.secret])];
  const keys = secrets.map(keyOf);
  // An empty key would accept what anybody signs.
  if (keys.length === 0 || keys.some((key) => key.length === 0)) throw new TypeError('verifyWebhook needs a secret');
  const id = headerOf(options.headers, 'webhook-id');
  const timestamp = headerOf(options.headers, 'webhook-timestamp');
  const signatures = headerOf(options.headers, 'webhook-signature');
  if (!id || !timestamp || !signatures) {
    throw new WebhookError('webhook_headers_missing', 'The headers of a webhook are missing.');
  }
  checkTime(timestamp, options);
  const body = Buffer.from(options.body as Uint8Array);
  const expected = keys.map((key) => createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest());
  const found = signatures.split(' ').filter((one) => one.startsWith('v1,'));
  if (!isSigned(found, expected)) throw new WebhookError('webhook_signature_invalid', 'The signature does not fit.');
  return { id, event: parse(body) };
}
