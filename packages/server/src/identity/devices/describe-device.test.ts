import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText, evilTexts, expectQuick } from '../../../test/kit/evil-texts.ts';
import { describeDevice } from './describe-device.ts';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

test.each([
  ['', 'Unknown device'],
  [CHROME, 'Chrome on Linux'],
  ['curl/8.5.0', 'curl'],
])('%j is %j', async (userAgent, device) => {
  expect(await describeDevice(userAgent)).toBe(device);
});

test('whatever a header says, there is a short name for the device', async () => {
  const pieces = fc.constantFrom(...CHROME.split(' '), 'Version/', 'Mobile', 'iPhone', 'Android', '(', ')', ';');
  const headers = fc.oneof(
    anyText(500),
    fc.array(pieces, { maxLength: 40 }).map((all) => all.join(' ')),
  );
  const named = fc.asyncProperty(headers, async (userAgent) => {
    const device = await describeDevice(userAgent);
    expect(typeof device).toBe('string');
    expect(device.length).toBeLessThanOrEqual(900);
  });
  await fc.assert(named, { numRuns: 1000 });
});

// T-083
test('no user agent keeps the parser busy', async () => {
  await describeDevice(evilTexts[0] ?? '');
  await expectQuick(describeDevice);
});
