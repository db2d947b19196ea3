import { isIP } from 'node:net';
import { formatDuration, parseDuration } from './duration.ts';
import type { ItemKind, Setting } from './setting.ts';
import { isSensitive } from './setting.ts';

/** The value in its type, or a sentence about what is wrong with it. */
export type Parsed = { readonly value: unknown } | { readonly problem: string };

type Rule = (text: string, setting: Setting) => Parsed;

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  on: true,
  yes: true,
  '1': true,
  false: false,
  off: false,
  no: false,
  '0': false,
};

const rules: Readonly<Record<Setting['kind'], Rule>> = {
  string: (text) => (hasControl(text) ? { problem: 'contains control characters.' } : { value: text }),
  url: (text) => (URL.canParse(text) ? { value: text } : { problem: 'is not a URL.' }),
  origin: (text) => parseOrigin(text),
  integer: parseInteger,
  boolean: (text) => {
    const value = BOOLEANS[text.toLowerCase()];
    return value === undefined ? { problem: `is ${quote(text)}, but must be true or false.` } : { value };
  },
  duration: parseSpan,
  list: parseList,
  enum: (text, { values = [] }) =>
    values.includes(text)
      ? { value: text }
      : { problem: `is ${quote(text)}, but must be one of ${values.join(', ')}.` },
  secret: parseSecret,
};

/** Checks the text of a setting by its kind. The sentence never quotes a value that may hold a credential. */
export function parseValue(setting: Setting, text: string): Parsed {
  const parsed = rules[setting.kind](text, setting);
  if ('problem' in parsed && isSensitive(setting) && parsed.problem.includes(text)) {
    return { problem: 'has a value of the wrong form.' };
  }
  return parsed;
}

function parseInteger(text: string, setting: Setting): Parsed {
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = setting;
  if (value >= min && value <= max) return { value };
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return { problem: `is ${quote(text)}, but must be a whole number ${range}.` };
}

function parseSpan(text: string, setting: Setting): Parsed {
  const seconds = parseDuration(text);
  if (seconds === null) {
    return { problem: `is ${quote(text)}, but must be a number with a unit: s, m, h or d.` };
  }
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = setting;
  if (seconds >= min && seconds <= max) return { value: seconds };
  return { problem: `is ${quote(text)}, but must be from ${formatDuration(min)} to ${formatDuration(max)}.` };
}

function parseOrigin(text: string): Parsed {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return { problem: `is ${quote(withoutUserInfo(text))}, but must be an http or https origin.` };
  }
  if (url.username !== '' || url.password !== '') return { problem: 'must not hold a user name or password.' };
  if (url.origin === text) return { value: text };
  return { problem: `is ${quote(text)}, but an origin has no path, query or fragment: write it as ${url.origin}.` };
}

function parseList(text: string, setting: Setting): Parsed {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  for (const item of items) {
    const problem = problemOfItem(item, setting);
    if (problem !== null) return { problem };
  }
  return { value: Object.freeze([...new Set(items)]) };
}

function problemOfItem(item: string, setting: Setting): string | null {
  const kind: ItemKind = setting.items ?? 'string';
  if (kind === 'cidr') {
    return isCidr(item) ? null : `has the entry ${quote(item)}, which is no network such as 10.0.0.0/8.`;
  }
  if (kind === 'origin' && item !== '*') {
    const parsed = parseOrigin(item);
    return 'problem' in parsed ? `has an entry that ${parsed.problem}` : null;
  }
  if (setting.values && !setting.values.includes(item)) {
    return `has the entry ${quote(item)}, but each must be one of ${setting.values.join(', ')}.`;
  }
  if (kind === 'secret' && item.length < (setting.min ?? 0)) {
    return `has an entry of ${item.length} characters, but each needs at least ${setting.min}.`;
  }
  return null;
}

function parseSecret(text: string, setting: Setting): Parsed {
  const least = setting.min ?? 1;
  if (text.length < least) return { problem: `has ${text.length} characters, but needs at least ${least}.` };
  // A sample value is public: whoever read the documentation could decrypt the database.
  if (isSample(text)) return { problem: 'is a sample value that everybody knows. Make your own.' };
  return { value: text };
}

function isSample(text: string): boolean {
  const sample =
    /change[\s_-]?(me|this|it)|^(your|sample|example|test|dummy|insecure|default|password|secret|super[\s_-]?secret)[\s_-]|the output of/i;
  return sample.test(text) || new Set(text).size < 10 || '0123456789abcdef'.repeat(8).startsWith(text.toLowerCase());
}

/** Tells whether the text is an address, or a network written with its prefix length. */
function isCidr(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

function hasControl(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

function withoutUserInfo(text: string): string {
  return text.replace(/\/\/[^/]*@/, '//');
}

/** Shows a value in a sentence, on one line and short. */
function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
