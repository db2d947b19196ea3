import { SystemConfig } from '@gatehouse/protocol';
import type { Clock } from '../../platform/clock/index.ts';
import type { Reader, Tx } from '../../platform/database/index.ts';
import { httpRefusals } from '../../platform/http/index.ts';
import { checkDocument, mergePatch } from '../../platform/json/index.ts';
import type { BootValues } from './boot-values.ts';
import { buildSnapshot, type ConfigSnapshot } from './create-system-config.ts';
import { refusals } from './errors.ts';
import { type LockOutFacts, whyLockedOut } from './lock-out-policy.ts';
import { brokenRules } from './rules-policy.ts';
import { type FlatConfig, flatten, settingNames, unflatten } from './settings.ts';
import { listSettings, nextRevision, putSetting } from './store.ts';

export interface ChangeConfigDeps {
  clock: Clock;
  boot: BootValues;
  tx: Tx;
}

export interface ChangeConfig {
  /** A merge patch (RFC 7396) on what administrators have set; null gives a setting or a group back to the environment. */
  patch: unknown;
  /** Who, as it is shown. */
  by: string;
  facts: LockOutFacts;
}

/** A change that was made: the values in force before and after it. */
export interface ChangedConfig {
  before: ConfigSnapshot;
  after: ConfigSnapshot;
}

function refuse(details: readonly { field: string; problem: string }[]): void {
  if (details.length > 0) throw httpRefusals.invalid_request({ body: { details } });
}

/** The patch names only settings there are, and groups only as groups. */
function refuseUnknown(patch: unknown): void {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) {
    throw httpRefusals.invalid_request({ body: { details: [{ field: 'body', problem: 'must be an object' }] } });
  }
  const groups = new Set(settingNames.map((name) => name.split('.')[0]));
  const problems = Object.entries(patch).flatMap(([group, members]): { field: string; problem: string }[] => {
    if (!groups.has(group)) return [{ field: group, problem: 'is not known' }];
    if (members === null) return [];
    if (typeof members !== 'object' || Array.isArray(members)) return [{ field: group, problem: 'must be an object' }];
    const unknown = Object.keys(members).filter((name) => !settingNames.includes(`${group}.${name}`));
    return unknown.map((name) => ({ field: `${group}.${name}`, problem: 'is not known' }));
  });
  refuse(problems);
}

async function readState(on: Reader, boot: BootValues, revision: number) {
  const rows = await listSettings.all(on, {});
  const snapshot = buildSnapshot(boot, rows, revision);
  const flat = flatten(snapshot.config);
  // Without what this version cannot read: it must not keep anybody from changing the rest.
  const isSet = (name: string) => snapshot.sources[name]?.source === 'administrator';
  const set: FlatConfig = Object.fromEntries(Object.entries(flat).filter(([name]) => isSet(name)));
  return { set, snapshot };
}

/** What administrators set and did not give back, by `group.name`. */
export async function readSet(on: Reader, boot: BootValues): Promise<FlatConfig> {
  return (await readState(on, boot, 0)).set;
}

/**
 * Changes what administrators have set, checked as a whole. Throws invalid_request naming the settings, and config_locks_out saying why.
 */
export async function changeConfig(deps: ChangeConfigDeps, input: ChangeConfig): Promise<ChangedConfig> {
  refuseUnknown(input.patch);
  const now = deps.clock.now();
  const revision = (await nextRevision.first(deps.tx, { at: now }))?.revision ?? 1;
  const { set, snapshot: before } = await readState(deps.tx, deps.boot, revision - 1);
  const wanted = flatten((mergePatch(unflatten(set), input.patch) ?? {}) as object);
  const whole = unflatten({ ...deps.boot.values, ...wanted });
  refuse(checkDocument(SystemConfig, whole));
  refuse(brokenRules(whole));
  const reason = whyLockedOut(before.config, whole, input.facts);
  if (reason !== null) throw refusals.config_locks_out({ body: { reason } });
  for (const name of settingNames) {
    const [was, is] = [JSON.stringify(set[name]), JSON.stringify(wanted[name])];
    if (was === is) continue;
    const row = { name, value: is ?? null, revision, updated_at: now, updated_by: input.by };
    await putSetting.run(deps.tx, row);
  }
  return { before, after: (await readState(deps.tx, deps.boot, revision)).snapshot };
}
