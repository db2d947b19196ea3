import type { Config } from './config.ts';
import type { Findings } from './gather-values.ts';
import { type SettingKey, settings } from './settings.ts';

/** Names each of `needed` that is not set. */
export function requireSettings(
  config: Config,
  { problems }: Findings,
  of: { needed: readonly SettingKey[]; by: string },
): void {
  const groups = config as unknown as Record<string, Record<string, unknown>>;
  for (const key of of.needed) {
    const [group = '', member = ''] = key.split('.');
    const setting = settings.find((one) => one.key === key);
    if (groups[group]?.[member] !== undefined || !setting) continue;
    problems.push({ name: setting.env[0], problem: `is needed by ${of.by}.`, example: setting.example });
  }
}
