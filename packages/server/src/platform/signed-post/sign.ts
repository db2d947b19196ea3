import { createHmac } from 'node:crypto';

/** What is signed. */
export interface WebhookContent {
  id: string;
  /** Seconds since the epoch. */
  timestamp: number;
  body: string;
}

/** The key behind a secret: the bytes after `whsec_` (Standard Webhooks), or the text itself when it has no such beginning. */
function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret);
}

function mac(secret: string, text: string): Buffer {
  return createHmac('sha256', keyOf(secret)).update(text).digest();
}

/**
 * The headers that prove where a webhook comes from, in both forms: Standard Webhooks, and the `X-Gatehouse-*` of this
 * product. With two secrets (a rotation) there are two signatures, the newer first.
 */
export function signatureHeaders(
  { id, timestamp, body }: WebhookContent,
  secrets: readonly string[],
): Record<string, string> {
  const standard = secrets.map((secret) => `v1,${mac(secret, `${id}.${timestamp}.${body}`).toString('base64')}`);
  const own = secrets.map((secret) => `v1=${mac(secret, `${timestamp}.${body}`).toString('hex')}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': standard.join(' '),
    'x-gatehouse-timestamp': String(timestamp),
    'x-gatehouse-signature': own.join(','),
  };
}
