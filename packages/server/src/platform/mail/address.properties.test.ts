import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText, expectQuick } from '../../../test/kit/evil-texts.ts';
import { parseEmailAddress, parseSender } from './index.ts';

const local = fc.stringMatching(/^[a-zA-Z0-9äöüé'+_-]{1,20}(\.[a-zA-Z0-9]{1,10})?$/);
const domain = fc.constantFrom(
  'example.com',
  'EXAMPLE.com',
  'bücher.example',
  'xn--bcher-kva.example',
  'a.b.c.example',
);
const likely = fc.tuple(local, domain).map(([name, host]) => `${name}@${host}`);
const anything = fc.oneof(
  likely,
  anyText(80),
  fc.tuple(likely, anyText(5), fc.nat(40)).map(([address, shard, at]) => {
    return address.slice(0, at) + shard + address.slice(at);
  }),
);

// T-091
test('the form of an address is found once and stays', () => {
  const found = fc.property(anything, (text) => {
    const address = parseEmailAddress(text);
    if (address !== null) expect(parseEmailAddress(address)).toBe(address);
  });
  fc.assert(found, { numRuns: 5000 });
});

// T-091
test('case, composition and space around do not make another address of it', () => {
  const same = fc.property(likely, (text) => {
    const address = parseEmailAddress(text);
    expect(address).not.toBeNull();
    // The capital of ß is SS, which is another letter.
    for (const variant of [text.toUpperCase(), text.normalize('NFD'), `  ${text}\n`])
      if (!text.includes('ß')) expect(parseEmailAddress(variant)).toBe(address);
  });
  fc.assert(same, { numRuns: 2000 });
});

// T-045
test('an address that is read can stand in a header and names one mailbox', () => {
  const safe = fc.property(anything, (text) => {
    const address = parseEmailAddress(text);
    if (address === null) return;
    expect(address.split('@')).toHaveLength(2);
    expect(address).not.toMatch(/[\p{C}\p{Z}<>,;:"()[\]\\]/u);
    expect(Buffer.byteLength(address)).toBeLessThanOrEqual(254);
  });
  fc.assert(safe, { numRuns: 5000 });
});

test('a sender that is read has an address that is one', () => {
  const safe = fc.property(anyText(20), anything, (name, address) => {
    const sender = parseSender(`${name}<${address}>`);
    if (sender === null) return;
    expect(parseEmailAddress(sender.address)).toBe(sender.address);
    expect(sender.name).not.toMatch(/[\r\n\0]/);
  });
  fc.assert(safe, { numRuns: 3000 });
});

// T-083
test('no text keeps the parser busy', async () => {
  await expectQuick(parseEmailAddress);
  await expectQuick((text) => parseSender(`${text}<${text}>`));
});
