import { SystemConfig } from '@gatehouse/protocol';
import { checkDocument } from '../../platform/json/index.ts';

/** Values by `group.name`. */
export type FlatConfig = Record<string, unknown>;

const groups = SystemConfig.properties as unknown as Record<string, { properties: Record<string, unknown> }>;

/** Every setting there is, as `group.name`. */
export const settingNames: readonly string[] = Object.entries(groups).flatMap(([group, { properties }]) =>
  Object.keys(properties).map((name) => `${group}.${name}`),
);

/** A document of groups, flat; groups and settings that do not exist are left out. */
export function flatten(document: object): FlatConfig {
  const nested = document as Record<string, Record<string, unknown> | undefined>;
  return Object.fromEntries(
    settingNames.flatMap((path) => {
      const [group = '', name = ''] = path.split('.');
      const value = nested[group]?.[name];
      return value === undefined ? [] : [[path, value]];
    }),
  );
}

/** Flat values as a document of groups, in the order of the shape. */
export function unflatten(flat: FlatConfig): SystemConfig {
  const document: Record<string, Record<string, unknown>> = {};
  for (const group of Object.keys(groups)) document[group] = {};
  for (const path of settingNames) {
    const [group = '', name = ''] = path.split('.');
    if (flat[path] !== undefined) (document[group] as Record<string, unknown>)[name] = flat[path];
  }
  return document as unknown as SystemConfig;
}

/** The settings of a document whose values are not what they must be. */
export function wrongSettings(document: SystemConfig): Set<string> {
  const fields = checkDocument(SystemConfig, document).map((one) => one.field.split('.').slice(0, 2).join('.'));
  return new Set(fields);
}
