import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText, expectQuick } from '../../../test/kit/evil-texts.ts';
import { callerSecret, parseCallerSecret } from './index.ts';

const kinds = fc.constantFrom('rt', 'ps', 'ak', 'ai');
const secrets = fc.record({
  kind: kinds,
  id: fc.uuid(),
  secret: fc.stringMatching(/^[A-Za-z0-9_-]{16,256}$/),
});

//
test('what is written is read by its own kind, and by no other', () => {
  const exact = fc.property(secrets, kinds, (secret, kind) => {
    const text = callerSecret(secret);
    expect(parseCallerSecret(kind, text)).toEqual(kind === secret.kind ? secret : null);
  });
  fc.assert(exact, { numRuns: 2000 });
});

test('a text that is read is written the same again: no two texts are one secret', () => {
  const changed = fc.tuple(secrets, fc.nat(120), anyText(3), fc.nat(3));
  const exact = fc.property(changed, kinds, ([secret, at, shard, drop], kind) => {
    const whole = callerSecret(secret);
    const text = whole.slice(0, at) + shard + whole.slice(at + drop);
    const read = parseCallerSecret(kind, text);
    if (read !== null) expect(callerSecret(read)).toBe(text);
  });
  fc.assert(exact, { numRuns: 5000 });
});

// T-083
test('no text keeps the parser busy', async () => {
  await expectQuick((text) => parseCallerSecret('rt', text));
  await expectQuick((text) => parseCallerSecret('rt', `gh_rt_${text}.${text}`.slice(0, 512)));
});
