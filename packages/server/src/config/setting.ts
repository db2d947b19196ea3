/** What the text of a setting means; decides how it is checked and what type it becomes. */
export type SettingKind = 'string' | 'url' | 'origin' | 'integer' | 'boolean' | 'duration' | 'list' | 'enum' | 'secret';

/** What each entry of a list must be. */
export type ItemKind = 'string' | 'origin' | 'cidr' | 'secret';

/** One row of the table of settings. Durations are bounded in seconds, secrets by their length in characters. */
export interface Setting {
  /** `group.name`, the place in the YAML file and in the typed object (durations gain `Seconds` there). */
  readonly key: `${string}.${string}`;
  /** Names of the environment variable; the first is the documented one and wins. */
  readonly env: readonly [string, ...string[]];
  readonly kind: SettingKind;
  readonly items?: ItemKind;
  readonly values?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** Written like the user would write it. */
  readonly default?: string;
  /** Always has a value, worked out from other settings; the text says how. */
  readonly derived?: string;
  /** May hold a credential: gains a `*_FILE` variant and is never quoted in a problem. */
  readonly sensitive?: true;
  readonly example: string;
  readonly description: string;
}

/** Tells whether the value of a setting may hold a credential. */
export function isSensitive(setting: Setting): boolean {
  return setting.kind === 'secret' || setting.items === 'secret' || setting.sensitive === true;
}
