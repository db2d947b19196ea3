import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText, expectQuick } from '../../../test/kit/evil-texts.ts';
import { normaliseOrigin } from './origin-policy.ts';

const host = fc.stringMatching(/^[a-z0-9]{1,12}(-[a-z0-9]{1,5})?(\.[a-z]{2,8}){1,3}$/);
const origin = fc
  .tuple(fc.constantFrom('https', 'http'), host, fc.option(fc.integer({ min: 1, max: 65_535 })))
  .map(([scheme, name, port]) => `${scheme}://${name}${port === null ? '' : `:${port}`}`);

test('the form of an origin is found once and stays, and is what a browser would send', () => {
  const stable = fc.property(fc.oneof(origin, fc.webUrl(), anyText()), (text) => {
    const normal = normaliseOrigin(text);
    if (normal === null) return;
    expect(normaliseOrigin(normal)).toBe(normal);
    expect(new URL(normal).origin).toBe(normal);
    expect(normal).toMatch(/^https?:\/\/[^/?#@\s]+$/);
  });
  fc.assert(stable, { numRuns: 5000 });
});

// T-055, T-062
test('what only looks like an origin is never taken for it', () => {
  const different = fc.property(origin, host, (text, evil) => {
    const own = normaliseOrigin(text);
    const { protocol, hostname, port } = new URL(text);
    const end = port === '' ? '' : `:${port}`;
    const alikes = [
      `${protocol}//${hostname}.${evil}${end}`,
      `${protocol}//${evil}-${hostname}${end}`,
      `${protocol}//${hostname}.${end}`,
      `${protocol}//${hostname}@${evil}${end}`,
      `${protocol}//${hostname}\\@${evil}${end}`,
      `${protocol}//${hostname}%2e${evil}${end}`,
      `${protocol === 'http:' ? 'https' : 'http'}://${hostname}${end}`,
      `${protocol}//${hostname}:${port === '8443' ? 8444 : 8443}`,
      `${protocol}//${hostname.replace(/[a-z]/, '\u0430')}${end}`,
      `${text}/path`,
      `${text}?`,
      `${text}#`,
      `${text},${text}`,
      `null`,
    ];
    for (const alike of alikes) expect(normaliseOrigin(alike), alike).not.toBe(own);
  });
  fc.assert(different, { numRuns: 1000 });
});

// T-083
test('no text keeps the parser busy', async () => {
  await expectQuick(normaliseOrigin);
});
