import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText, expectQuick } from '../../test/kit/evil-texts.ts';
import { languageNames, messagesFor } from './index.ts';

const known = Object.keys(languageNames).map(messagesFor);
const part = fc
  .tuple(
    fc.constantFrom('de', 'en-GB', 'fr', '*', '__proto__', 'constructor', 'DE-at', ''),
    fc.string({ maxLength: 6 }),
  )
  .map(([tag, quality]) => (quality === '' ? tag : `${tag};q=${quality}`));

test('whatever a header asks for, there is a language to answer in', () => {
  const answered = fc.property(
    fc.oneof(
      anyText(),
      fc.array(part, { maxLength: 6 }).map((parts) => parts.join(', ')),
    ),
    (header) => {
      expect(known).toContain(messagesFor(header));
    },
  );
  fc.assert(answered, { numRuns: 5000 });
});

test('of two languages the one with the higher quality is spoken', () => {
  const preferred = fc.property(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 999 }), (de, en) => {
    const header = `de;q=0.${String(de).padStart(3, '0')}, en;q=0.${String(en).padStart(3, '0')}`;
    expect(messagesFor(header)).toBe(messagesFor(de >= en ? 'de' : 'en'));
  });
  fc.assert(preferred, { numRuns: 1000 });
});

// T-083
test('no header keeps the parser busy', () => expectQuick(messagesFor));
