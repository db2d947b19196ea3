import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText, expectQuick } from '../../test/kit/evil-texts.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { parseValue } from './parse-value.ts';
import type { Setting } from './setting.ts';
import { settings as table } from './settings.ts';

const settings: readonly Setting[] = table;

const some = fc.constantFrom(...settings);
const likely = fc.oneof(
  fc.stringMatching(/^-?\d{1,18}[smhd]?$/),
  fc.webUrl(),
  fc.ipV4().chain((ip) => fc.integer({ min: -1, max: 40 }).map((bits) => `${ip}/${bits}`)),
  fc.ipV6().chain((ip) => fc.integer({ min: 0, max: 140 }).map((bits) => `${ip}/${bits}`)),
  fc.constantFrom('true', 'ON', '0', 'null', '*', 'auto', '', ',', ' , '),
  anyText(60),
);

test('every setting answers every text with a value or with one sentence on one line', () => {
  const told = fc.property(some, likely, (setting, text) => {
    const parsed = parseValue(setting, text);
    if ('value' in parsed) return;
    expect(parsed.problem).toMatch(/\.$/);
    expect(parsed.problem).not.toMatch(/[\r\n]/);
    expect(parsed.problem.length).toBeLessThan(500);
  });
  fc.assert(told, { numRuns: 10_000 });
});

//
test('a mistake in a secret never shows it', () => {
  const secret = settings.filter(({ kind, items }) => kind === 'secret' || items === 'secret');
  const ours = [
    /^has \d+ characters, but needs at least \d+\.$/,
    /^has an entry of \d+ characters, but each needs at least \d+\.$/,
    /^has a value of the wrong form\.$/,
    /^is a sample value that everybody knows\. Make your own\.$/,
  ];
  const hidden = fc.property(fc.constantFrom(...secret), fc.string({ maxLength: 40 }), (setting, text) => {
    const parsed = parseValue(setting, text);
    if (!('problem' in parsed)) return;
    // A search for the text would find the "a" of "characters": every word is ours, and the length is all that is told.
    const { problem } = parsed;
    expect(ours.some((sentence) => sentence.test(problem)) || problem).toBe(true);
  });
  fc.assert(hidden, { numRuns: 3000 });
});

test('a duration is read as it is written', () => {
  const exact = fc.property(fc.integer({ min: 0, max: 10 ** 9 - 1 }), (seconds) => {
    expect(parseDuration(formatDuration(seconds))).toBe(seconds);
  });
  fc.assert(exact, { numRuns: 3000 });
});

test('a number or a duration that is taken lies within the bounds of its setting', () => {
  const bounded = settings.filter(({ kind }) => kind === 'integer' || kind === 'duration');
  const within = fc.property(fc.constantFrom(...bounded), likely, (setting, text) => {
    const parsed = parseValue(setting, text);
    if (!('value' in parsed)) return;
    expect(Number.isSafeInteger(parsed.value)).toBe(true);
    expect(parsed.value).toBeGreaterThanOrEqual(setting.min ?? 0);
    expect(parsed.value).toBeLessThanOrEqual(setting.max ?? Number.MAX_SAFE_INTEGER);
  });
  fc.assert(within, { numRuns: 5000 });
});

test('a list reads the same again when its items are joined', () => {
  const lists = settings.filter(({ kind }) => kind === 'list');
  const stable = fc.property(fc.constantFrom(...lists), fc.array(likely, { maxLength: 4 }), (setting, items) => {
    const parsed = parseValue(setting, items.join(','));
    if ('value' in parsed) expect(parseValue(setting, (parsed.value as string[]).join(', '))).toEqual(parsed);
  });
  fc.assert(stable, { numRuns: 3000 });
});

// T-083
test('no text keeps a setting busy', async () => {
  const kinds = new Map(settings.map((setting) => [`${setting.kind} ${setting.items ?? ''}`, setting]));
  for (const setting of kinds.values()) await expectQuick((text) => parseValue(setting, text));
});
