import type { ClientEntry, Installation, InstallationDocument, WholeEntry } from './document.ts';

/** One thing that would be done. */
export type PlannedStep =
  | { kind: 'set'; setting: string; value: unknown }
  | { kind: 'reset'; setting: string }
  | { kind: 'create'; entry: WholeEntry }
  | { kind: 'update'; id: string; entry: WholeEntry; fields: string[] }
  | { kind: 'disable'; id: string; slug: string };

const FIELDS = ['slug', 'name', 'status', 'token_mode', 'allowed_origins', 'webhook_url', 'settings'] as const;

/** Values are compared as JSON with sorted names: their order says nothing. */
function same(a: unknown, b: unknown): boolean {
  const sort = (_name: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)))
      : value;
  return JSON.stringify(a, sort) === JSON.stringify(b, sort);
}

/** What a file leaves out of a client stays as it is; a new one gets the usual. */
function fill(entry: ClientEntry, known: WholeEntry | undefined): WholeEntry {
  return {
    id: known?.id ?? entry.id ?? null,
    slug: entry.slug,
    name: entry.name,
    status: entry.status ?? known?.status ?? 'active',
    token_mode: entry.token_mode ?? known?.token_mode ?? 'v2_jwks',
    allowed_origins: (entry.allowed_origins ?? known?.allowed_origins ?? []).toSorted(),
    webhook_url: entry.webhook_url === undefined ? (known?.webhook_url ?? null) : entry.webhook_url,
    settings: entry.settings ?? known?.settings ?? {},
  };
}

function planConfig({ config }: InstallationDocument, now: Installation['config'], prune: boolean): PlannedStep[] {
  if (config === undefined) return [];
  const wanted = new Map(
    Object.entries(config).flatMap(([group, members]) =>
      Object.entries(members).map(([name, value]): [string, unknown] => [`${group}.${name}`, value]),
    ),
  );
  const set = [...wanted].flatMap(([setting, value]): PlannedStep[] =>
    same(now[setting], value) ? [] : [{ kind: 'set', setting, value }],
  );
  const gone = prune ? Object.keys(now).filter((setting) => !wanted.has(setting)) : [];
  return [...set, ...gone.map((setting): PlannedStep => ({ kind: 'reset', setting }))];
}

function planClients({ clients }: InstallationDocument, now: Installation['clients'], prune: boolean): PlannedStep[] {
  if (clients === undefined) return [];
  const named = new Set<string | null>();
  const steps = clients.flatMap((one): PlannedStep[] => {
    const known = now.find((client) => (one.id === undefined ? client.slug === one.slug : client.id === one.id));
    const entry = fill(one, known);
    if (!known?.id) return [{ kind: 'create', entry }];
    named.add(known.id);
    const fields = FIELDS.filter((field) => !same(known[field], entry[field]));
    return fields.length === 0 ? [] : [{ kind: 'update', id: known.id, entry, fields }];
  });
  const left = now.filter(({ id, status }) => prune && id !== 'default' && status === 'active' && !named.has(id));
  return [...steps, ...left.map(({ id, slug }): PlannedStep => ({ kind: 'disable', id: id ?? '', slug }))];
}

/**
 * What must be done for an installation to be as a file says; nothing when it is. What the file does not name is left alone, or with
 * `prune` given back (settings) and disabled (clients).
 */
export function planDocument(document: InstallationDocument, now: Installation, prune: boolean): PlannedStep[] {
  return [...planConfig(document, now.config, prune), ...planClients(document, now.clients, prune)];
}
