import type { ItemKind, SettingKind } from './setting.ts';
import type { KnownSetting, SettingKey } from './settings.ts';

type Plain<Kind extends SettingKind> = Kind extends 'integer' | 'duration'
  ? number
  : Kind extends 'boolean'
    ? boolean
    : string;

type ValueOf<S> = S extends { kind: 'list'; items: ItemKind }
  ? readonly string[]
  : S extends { kind: 'enum'; values: readonly (infer Value)[] }
    ? Value
    : S extends { kind: infer Kind extends SettingKind }
      ? Plain<Kind>
      : never;

/** Only a row with a default, or one worked out from others, always has a value. */
type Held<S> = S extends { default: string } | { derived: string } ? ValueOf<S> : ValueOf<S> | undefined;

type Group = SettingKey extends infer Key ? (Key extends `${infer G}.${string}` ? G : never) : never;

type NameIn<S, G extends string> = S extends { key: `${G}.${infer Name}`; kind: infer Kind }
  ? Kind extends 'duration'
    ? `${Name}Seconds`
    : Name
  : never;

type Resolved = {
  readonly [G in Group]: { readonly [S in KnownSetting as NameIn<S, G>]: Held<S> };
};

/**
 * The whole configuration, frozen. Durations are seconds (`tokens.accessTtlSeconds`); every other setting keeps the
 * name it has in the table. `warnings` are sentences for the log of the start.
 */
export type Config = Resolved & {
  readonly warnings: readonly string[];
  /** The settings that somebody gave a value, wherever; the others have their default. */
  readonly given: readonly SettingKey[];
};
