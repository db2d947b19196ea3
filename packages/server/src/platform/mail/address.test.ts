import { describe, expect, it } from 'vitest';
import { parseEmailAddress, parseSender } from './index.ts';

describe('an e-mail address', () => {
  it.each([
    ['  Ada@Example.COM ', 'ada@example.com'],
    ['a.b+tag@example.com', 'a.b+tag@example.com'],
    ["o'brien@example.com", "o'brien@example.com"],
    ['noreply@localhost', 'noreply@localhost'],
    ['ada@bücher.example', 'ada@bücher.example'],
    ['ju\u0308rgen@example.com', 'j\u00fcrgen@example.com'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('reads %j', (input, address) => {
    expect(parseEmailAddress(input)).toBe(address);
  });

  it('keeps plus and dot variants apart', () => {
    const variants = ['ab@example.com', 'a.b@example.com', 'ab+1@example.com'].map(parseEmailAddress);
    expect(new Set(variants).size).toBe(3);
  });

  // T-045
  it.each([
    '',
    '@',
    'a@',
    '@b.example',
    'a',
    'a@b@c.example',
    'a b@c.example',
    'a@b.example\r\nBcc: c@d.example',
    'a\n@b.example',
    '<a@b.example>',
    '<a@b>,<c@d>',
    'a@b.example,c@d.example',
    'a@b.example;c@d.example',
    '"a"@b.example',
    'x:a@b.example;',
    'a@-b.example',
    'a@b-.example',
    'a@b..example',
    'a@.example',
    'a@b.example.',
    '.a@b.example',
    'a.@b.example',
    'a..b@c.example',
    'a@[127.0.0.1]',
    'a@b_c.example',
    'a\u2028@b.example',
    'a\u200b@b.example',
    'a\0@b.example',
    'a@b.example\u0085x',
    'a@exa mple.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(64)}.example`,
    `a@${'b.'.repeat(130)}example`,
  ])('refuses %j', (input) => {
    expect(parseEmailAddress(input)).toBeNull();
  });

  // T-083
  it.each(['a', '@', 'a.', 'a@b.', ' ', '\u0301', 'xn--', '\u{1f469}\u200d', '<'])(
    'is decided at once for 50 KB of %j',
    (part) => {
      const evil = part.repeat(50_000 / part.length);
      const start = performance.now();
      for (const input of [evil, `${evil}@example.com`, `a@${evil}`, evil.slice(0, 300)]) {
        expect(parseEmailAddress(input)).toBeNull();
        parseSender(`${evil}<${evil}>`);
      }
      expect((performance.now() - start) / 8).toBeLessThan(10);
    },
  );
});

describe('a sender', () => {
  it.each([
    ['Gatehouse <noreply@localhost>', { name: 'Gatehouse', address: 'noreply@localhost' }],
    ['"Ex, Ample" <A@b.example>', { name: 'Ex, Ample', address: 'a@b.example' }],
    ['a@b.example', { name: '', address: 'a@b.example' }],
  ])('reads %j', (text, sender) => expect(parseSender(text)).toEqual(sender));

  it.each(['', 'Gatehouse', 'A <a@b>,<c@d>', 'A\r\nBcc: x <a@b.example>', 'A <a@b.example', 'A <>'])(
    'refuses %j',
    (text) => {
      expect(parseSender(text)).toBeNull();
    },
  );
});
