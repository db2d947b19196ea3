import { formatDuration } from './duration.ts';
import type { Setting } from './setting.ts';
import { isSensitive } from './setting.ts';
import { settings } from './settings.ts';

const INTRODUCTION = `# Configuration

Gatehouse starts without any configuration. Every setting has an environment variable and a place in a YAML file.

Values are taken from, each winning over the one before:

1. the YAML file named by \`--config\` or \`GATEHOUSE_CONFIG\`, else \`./gatehouse.yaml\` when it exists;
2. the environment; a variable marked † may instead name a file that holds the value, as \`<NAME>_FILE\`;
3. options of the command line.

All mistakes are reported together, and the server does not start before they are corrected. Keys that the YAML file should
not have are mistakes too. An empty variable counts as not set. Durations are a number with a unit: \`10s\`, \`15m\`,
\`168h\`, \`7d\`. Lists are separated by commas, or are YAML lists.

\`\`\`yaml
server:
  issuer: https://auth.example.com
  port: 8080
tokens:
  accessTtl: 10m
\`\`\`

<!-- Generated from the table of settings by \`npm run generate\`. -->
`;

const HEAD = `| variable | in the file | value | default | meaning |
|---|---|---|---|---|`;

/** Renders docs/configuration.md from the table of settings. */
export function describeSettings(): string {
  const rows: readonly Setting[] = settings;
  return `${INTRODUCTION}\n${HEAD}\n${rows.map(describeSetting).join('\n')}\n`;
}

function describeSetting(setting: Setting): string {
  const [name, ...aliases] = setting.env;
  const mark = isSensitive(setting) ? ' †' : '';
  const also = aliases.length === 0 ? '' : ` (also ${aliases.map(code).join(', ')})`;
  const preset = setting.derived ?? (setting.default ? code(setting.default) : '–');
  const cells = [code(name) + mark + also, code(setting.key), valuesOf(setting), preset, meaning(setting)];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function valuesOf({ kind, items, values, min, max }: Setting): string {
  if (values) return `${kind === 'list' ? 'list of ' : ''}${values.map(code).join(', ')}`;
  if (kind === 'list') return items === 'cidr' ? 'list of networks' : `list of ${items ?? 'string'}s`;
  if (kind === 'secret') return `secret, at least ${min ?? 1} characters`;
  if (kind !== 'integer' && kind !== 'duration') return kind === 'boolean' ? '`true`, `false`' : kind;
  return min === undefined || max === undefined ? kind : `${kind}, ${bound(kind, min)} to ${bound(kind, max)}`;
}

function bound(kind: 'integer' | 'duration', limit: number): string {
  return kind === 'duration' ? formatDuration(limit) : String(limit);
}

function meaning({ description, example, kind }: Setting): string {
  return kind === 'secret' || kind === 'boolean' ? description : `${description} Example: ${code(example)}`;
}

function code(text: string): string {
  return `\`${text}\``;
}
