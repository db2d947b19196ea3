import { stringify } from 'yaml';
import type { Installation, WholeEntry } from './document.ts';

/** The default client first, then by slug: bytes, not the order of some language. */
function compare(a: WholeEntry, b: WholeEntry): number {
  if (a.id === 'default' || b.id === 'default') return a.id === 'default' ? -1 : 1;
  return a.slug < b.slug ? -1 : 1;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, one]) => [name, sorted(one)]));
}

/** The file of an installation: the same bytes for the same installation, whatever happened to it before. */
export function writeDocument({ config, clients }: Installation): string {
  const groups: Record<string, Record<string, unknown>> = {};
  for (const [path, value] of Object.entries(config)) {
    const [group = '', name = ''] = path.split('.');
    groups[group] = { ...groups[group], [name]: value };
  }
  const entries = clients.toSorted(compare).map((one) => ({ ...one, settings: sorted(one.settings) }));
  return stringify(
    { version: 1, config: sorted(groups), clients: entries },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}
