import { createRequire } from 'node:module';
import type { ConfigProblem } from './config-error.ts';
import { nearest } from './nearest-name.ts';
import { settings } from './settings.ts';

/** Most servers have no configuration file: the library is loaded for those that do. */
function loadYaml(): typeof import('yaml') {
  return createRequire(import.meta.url)('yaml') as typeof import('yaml');
}

const keys: readonly string[] = settings.map(({ key }) => key);

/** Reads the YAML file into texts by setting key. Unknown keys and values of the wrong shape become problems. */
export function readYaml(source: string, problems: ConfigProblem[]): Map<string, string> {
  const document = loadYaml().parseDocument(source, { uniqueKeys: true });
  const [error] = document.errors;
  if (error) {
    // The library's message shows the line itself, which may hold a secret; its position is enough.
    const line = error.linePos?.[0].line ?? 1;
    problems.push({ name: 'the YAML file', problem: `cannot be read: line ${line} is not valid YAML.`, example: '' });
    return new Map();
  }
  const found = new Map<string, string>();
  // Aliases are bounded by the library (maxAliasCount), so a file cannot grow without end.
  flatten(document.toJS() as unknown, '', (key, value) => {
    const text = keys.includes(key) ? textOf(value) : undefined;
    if (text !== undefined) found.set(key, text);
    else problems.push(problemOf(key));
  });
  return found;
}

function flatten(value: unknown, prefix: string, visit: (key: string, value: unknown) => void): void {
  if (value === null || value === undefined) return;
  if (typeof value !== 'object' || Array.isArray(value) || keys.includes(prefix)) {
    visit(prefix, value);
    return;
  }
  for (const [name, inner] of Object.entries(value)) flatten(inner, prefix === '' ? name : `${prefix}.${name}`, visit);
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!Array.isArray(value)) return undefined;
  const items = value.map((item: unknown) => textOf(item));
  return items.includes(undefined) ? undefined : items.join(',');
}

function problemOf(key: string): ConfigProblem {
  const known = settings.find((setting) => setting.key === key);
  if (known) return { name: key, problem: 'must be one value or a list of values.', example: known.example };
  if (key === '')
    return { name: 'the YAML file', problem: 'must hold groups of settings.', example: 'server: { port: 8080 }' };
  const suggestion = nearest(key, keys);
  const hint = suggestion === null ? '' : ` Did you mean ${suggestion}?`;
  return { name: key, problem: `is no setting.${hint}`, example: '' };
}
