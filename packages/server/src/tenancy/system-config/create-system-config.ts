import type { SystemConfig } from '@gatehouse/protocol';
import type { Database } from '../../platform/database/index.ts';
import type { BootValues } from './boot-values.ts';
import { type FlatConfig, unflatten, wrongSettings } from './settings.ts';
import { findRevision, listSettings } from './store.ts';
import type { SystemConfigTable } from './tables.ts';

/** Where a value in force comes from, and who put it there. */
export interface SettingSource {
  source: 'administrator' | 'environment' | 'default';
  updatedAt: number | null;
  updatedBy: string | null;
}

/** All values of one moment. */
export interface ConfigSnapshot {
  config: SystemConfig;
  /** By `group.name`. */
  sources: Record<string, SettingSource>;
  revision: number;
}

/** The configuration as it is now, on this node. */
export interface RuntimeConfig {
  /** The values in force; the same object until one of them changes. */
  current(): SystemConfig;
  snapshot(): ConfigSnapshot;
  /** Reads what administrators changed since, on whichever node. */
  refresh(): Promise<void>;
  /** Looks for changes every other second until `stop`. */
  start(): void;
  stop(): void;
}

export interface SystemConfigDeps {
  database: Database;
  boot: BootValues;
  /** Told when changes could not be looked for; the values of before stay in force. */
  onFailure(error: unknown): void;
}

const POLL_MS = 2_000;

/** What an administrator set wins; what they gave back, or what this version cannot read, is as the server was started. */
export function buildSnapshot(boot: BootValues, rows: readonly SystemConfigTable[], revision: number): ConfigSnapshot {
  const written = new Map(rows.map((row) => [row.name, row]));
  const set: FlatConfig = Object.fromEntries(
    rows.flatMap((row) => (row.value === null ? [] : [[row.name, JSON.parse(row.value) as unknown]])),
  );
  // The values of the start were looked at there.
  const wrong = Object.keys(set).length === 0 ? [] : wrongSettings(unflatten({ ...boot.values, ...set }));
  for (const name of wrong) delete set[name];
  const flat = { ...boot.values, ...set };
  const isNamed = set['webauthn.display_name'] !== undefined || boot.fromEnvironment.has('webauthn.display_name');
  if (!isNamed) flat['webauthn.display_name'] = flat['brand.name'];
  const sources = Object.keys(flat).map((name): [string, SettingSource] => {
    const row = written.get(name);
    const started = boot.fromEnvironment.has(name) ? ('environment' as const) : ('default' as const);
    const source = set[name] === undefined ? started : 'administrator';
    return [name, { source, updatedAt: row?.updated_at ?? null, updatedBy: row?.updated_by ?? null }];
  });
  return { config: unflatten(flat), sources: Object.fromEntries(sources), revision };
}

export function createSystemConfig({ database, boot, onFailure }: SystemConfigDeps): RuntimeConfig {
  let known = buildSnapshot(boot, [], 0);
  let timer: NodeJS.Timeout | null = null;
  const refresh = async () => {
    const revision = (await findRevision.first(database.read, {}))?.revision ?? 0;
    if (revision === known.revision) return;
    const fresh = buildSnapshot(boot, await listSettings.all(database.read, {}), revision);
    // Two readings may cross: the newer one stays.
    if (fresh.revision > known.revision) known = fresh;
  };
  return {
    current: () => known.config,
    snapshot: () => known,
    refresh,
    start: () => {
      timer ??= setInterval(() => refresh().catch(onFailure), POLL_MS).unref();
    },
    stop: () => {
      if (timer) clearInterval(timer);
      timer = null;
    },
  };
}
