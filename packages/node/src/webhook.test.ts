import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { verifyWebhook, WebhookError } from './index.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const other = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const body = JSON.stringify({ type: 'login_success', id: 'e1', seq: 4, metadata: { name: 'Zoë' } });
const NOW = 1_767_225_600_000;
const now = () => NOW;

/** Headers as an independent implementation writes them. */
function signed({ id = 'e1', at = NOW, text = body, by = [secret] } = {}): Record<string, string> {
  const signatures = by.map((one) => new Webhook(one).sign(id, new Date(at), text));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': signatures.join(' '),
  };
}

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'accepted';
  } catch (error) {
    return error instanceof WebhookError ? error.code : String(error);
  }
}

test('a genuine webhook gives its id and its event', () => {
  const verified = verifyWebhook({ secret, headers: signed(), body, now });
  expect(verified).toEqual({ id: 'e1', event: JSON.parse(body) });
});

test('headers are read from a Headers, from node:http and in any case; bodies as bytes too', () => {
  const headers = signed();
  const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
  for (const form of [new Headers(headers), upper]) {
    expect(verifyWebhook({ secret, headers: form, body: Buffer.from(body), now }).id).toBe('e1');
  }
});

test('while a secret is rotated either of two fits, on either side', () => {
  const both = signed({ by: [other, secret] });
  expect(verifyWebhook({ secret, headers: both, body, now }).id).toBe('e1');
  expect(verifyWebhook({ secrets: [other, secret], headers: signed(), body, now }).id).toBe('e1');
});

test('a secret without whsec_ is the key as it is', () => {
  const plain = 'the signing secret of a configuration';
  const timestamp = String(NOW / 1000);
  const signature = createHmac('sha256', plain).update(`e1.${timestamp}.${body}`).digest('base64');
  const headers = { 'webhook-id': 'e1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  expect(verifyWebhook({ secret: plain, headers, body, now }).id).toBe('e1');
});

// T-067
test.each([
  [-300, 'accepted'],
  [-301, 'webhook_too_old'],
  [300, 'accepted'],
  [301, 'webhook_too_new'],
])('a webhook of %i seconds from now is %s', (seconds, code) => {
  const headers = signed({ at: NOW + seconds * 1000 });
  expect(codeOf(() => verifyWebhook({ secret, headers, body, now }))).toBe(code);
});

// T-067
test('nothing that was signed can be changed', () => {
  const headers = signed();
  const tries = [
    { headers, body: body.replace('login_success', 'login_failure') },
    { headers: { ...headers, 'webhook-id': 'e2' }, body },
    { headers: { ...headers, 'webhook-timestamp': String(NOW / 1000 + 1) }, body },
    { headers: signed({ by: [other] }), body },
    { headers: { ...headers, 'webhook-signature': headers['webhook-signature']?.replace('v1,', 'v1a,') }, body },
    { headers: { ...headers, 'webhook-signature': 'v1,' }, body },
    { headers: { ...headers, 'webhook-signature': `${headers['webhook-signature']?.slice(0, -4)}AAA=` }, body },
  ];
  for (const one of tries)
    expect(codeOf(() => verifyWebhook({ secret, now, ...one }))).toBe('webhook_signature_invalid');
});

test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('without %s there is nothing to verify', (name) => {
  const headers = { ...signed(), [name]: undefined };
  expect(codeOf(() => verifyWebhook({ secret, headers, body, now }))).toBe('webhook_headers_missing');
});

test.each(['', '12.5', '-1', 'soon', '1767225600x', '9'.repeat(30)])('the timestamp %j is refused', (timestamp) => {
  const headers = { ...signed(), 'webhook-timestamp': timestamp };
  const code = codeOf(() => verifyWebhook({ secret, headers, body, now }));
  expect(['webhook_timestamp_invalid', 'webhook_headers_missing']).toContain(code);
});

test('a genuine body that is not JSON is refused as such', () => {
  const headers = signed({ text: 'plain' });
  expect(codeOf(() => verifyWebhook({ secret, headers, body: 'plain', now }))).toBe('webhook_body_invalid');
});

test.each([{}, { secret: '' }, { secrets: [] }, { secret: 'whsec_' }])(
  'without a secret (%j) nothing is accepted',
  (none) => {
    expect(() => verifyWebhook({ ...none, headers: signed(), body, now })).toThrow(TypeError);
  },
);
