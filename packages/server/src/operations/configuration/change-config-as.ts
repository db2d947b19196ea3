import { listRpIds } from '../../identity/passkeys/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import { type Announce, changesOf, INSTALLATION, type Originator } from '../../platform/events/index.ts';
import {
  type AdministratorAccess,
  type BootValues,
  type ConfigSnapshot,
  changeConfig,
  flattenConfig,
  type LockOutFacts,
  type RuntimeConfig,
} from '../../tenancy/system-config/index.ts';

export interface ConfigurationDeps {
  clock: Clock;
  database: Database;
  announce: Announce;
  issuer: string;
  boot: BootValues;
  runtime: RuntimeConfig;
  mailer: { canSend(): Promise<boolean> };
  /** How administrators can prove who they are. */
  listAdministratorAccess(): Promise<readonly AdministratorAccess[]>;
}

/** Ways to sign in that this version has. */
const BUILT_METHODS = ['email_otp', 'passkey'] as const;

/** What must be known to say whom a change would lock out; read before its transaction. */
export async function gatherLockOutFacts(deps: ConfigurationDeps): Promise<LockOutFacts> {
  return {
    issuerHost: new URL(deps.issuer).hostname,
    canSendMail: await deps.mailer.canSend(),
    builtMethods: BUILT_METHODS,
    passkeyRpIds: await listRpIds(deps.database.read),
    administrators: await deps.listAdministratorAccess(),
  };
}

const sourcesOf = ({ sources }: ConfigSnapshot) =>
  Object.fromEntries(Object.entries(sources).map(([name, { source }]) => [name, source]));

/**
 * What an event tells: the values that differ, and the settings that somebody holds on to, or gave back, at the value they have anyway. Null
 * when there is nothing of either.
 */
function describeChange(before: ConfigSnapshot, after: ConfigSnapshot): Record<string, unknown> | null {
  const changes = changesOf(flattenConfig(before.config), flattenConfig(after.config));
  const isEqual = ([name]: [string, unknown]) => !(name in changes.after);
  const all = changesOf(sourcesOf(before), sourcesOf(after));
  const heldBefore = Object.fromEntries(Object.entries(all.before).filter(isEqual));
  const heldAfter = Object.fromEntries(Object.entries(all.after).filter(isEqual));
  const isHeld = Object.keys(heldAfter).length > 0;
  if (!isHeld && Object.keys(changes.after).length === 0) return null;
  return { ...changes, ...(isHeld && { sources: { before: heldBefore, after: heldAfter } }) };
}

/** Changes the configuration inside a transaction under way; a change of nothing is not announced. */
export async function writeConfig(
  deps: ConfigurationDeps & { tx: Tx },
  of: { patch: unknown; by: Originator; facts: LockOutFacts },
): Promise<void> {
  const { actor } = of.by;
  const by = actor.id === null ? actor.type : `${actor.type} ${actor.id}`;
  const { before, after } = await changeConfig(deps, { patch: of.patch, facts: of.facts, by });
  const metadata = describeChange(before, after);
  if (!metadata) return;
  const target = { type: 'system_config', id: String(after.revision) };
  const name = 'system_config_updated';
  await deps.announce(deps.tx, { name, clientId: INSTALLATION, target, metadata, ...of.by });
}

/** Changes the configuration; in force on this node when it resolves. Throws invalid_request and config_locks_out. */
export async function changeConfigAs(
  deps: ConfigurationDeps,
  input: { patch: unknown; by: Originator },
): Promise<ConfigSnapshot> {
  const facts = await gatherLockOutFacts(deps);
  await deps.database.write((tx) => writeConfig({ ...deps, tx }, { ...input, facts }));
  await deps.runtime.refresh();
  return deps.runtime.snapshot();
}
