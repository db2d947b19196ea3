import { adminSettings } from './admin-settings.ts';
import { deliverySettings } from './delivery-settings.ts';
import { logStreamSettings } from './log-stream-settings.ts';
import { operationSettings } from './operation-settings.ts';
import { serverSettings } from './server-settings.ts';
import { signInSettings } from './sign-in-settings.ts';

/** Every setting there is. The typed object, the checks and docs/configuration.md all follow from this table. */
export const settings = [
  ...serverSettings,
  ...signInSettings,
  ...adminSettings,
  ...operationSettings,
  ...deliverySettings,
  ...logStreamSettings,
] as const;

/** A row of the table, with its literal key, kind and default. */
export type KnownSetting = (typeof settings)[number];

/** Name of a setting: `group.name`. */
export type SettingKey = KnownSetting['key'];
