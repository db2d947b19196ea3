import { isDeepStrictEqual } from 'node:util';
import { isUniqueViolation, type Tx } from '../../platform/database/index.ts';
import { operator as by } from '../../platform/events/index.ts';
import { patchBetween } from '../../platform/json/index.ts';
import { type ClientRecord, findRecord } from '../../tenancy/clients/index.ts';
import {
  type AddedClient,
  type AdministrationDeps,
  clientAdministrationRefusals,
  prepareChange,
  prepareClient,
} from '../client-administration/index.ts';
import { type ConfigurationDeps, gatherLockOutFacts, writeConfig } from '../configuration/index.ts';
import type { WholeEntry } from './document.ts';
import type { PlannedStep } from './plan-policy.ts';

type Deps = AdministrationDeps & ConfigurationDeps;

/** The clients that were created, with the keys that are shown only now. */
export type Applied = AddedClient[];

type Work = (tx: Tx) => Promise<AddedClient | null>;

function fieldsOf(entry: WholeEntry) {
  return {
    name: entry.name,
    slug: entry.slug,
    allowedOrigins: entry.allowed_origins,
    webhookUrl: entry.webhook_url,
    status: entry.status,
    tokenMode: entry.token_mode,
  };
}

function changeOf(step: Extract<PlannedStep, { kind: 'update' | 'disable' }>, client: ClientRecord) {
  if (step.kind === 'disable') return { status: 'disabled' as const };
  const { tokenMode, ...fields } = fieldsOf(step.entry);
  // A mode that is named asks for keys of its own: only when it is another one.
  const mode = tokenMode === client.tokenMode ? {} : { tokenMode };
  return { ...fields, ...mode, settings: patchBetween(client.settings, step.entry.settings) };
}

async function prepareStep(deps: Deps, step: PlannedStep): Promise<Work | null> {
  if (step.kind === 'create') {
    const { tokenMode, ...fields } = fieldsOf(step.entry);
    const mode = tokenMode === 'v1_hs256' ? { tokenMode } : {};
    const id = step.entry.id ?? undefined;
    return prepareClient(deps, { ...fields, ...mode, id, settings: step.entry.settings, by });
  }
  if (step.kind !== 'update' && step.kind !== 'disable') return null;
  const client = await findRecord(deps.database.read, step.id);
  if (!client) throw new Error('a client went away while the file was applied');
  const work = await prepareChange(deps, { client, change: changeOf(step, client), by });
  return async (tx) => {
    await work(tx);
    return null;
  };
}

function configPatchOf(steps: readonly PlannedStep[]): Record<string, Record<string, unknown>> {
  const patch: Record<string, Record<string, unknown>> = {};
  for (const step of steps) {
    if (step.kind !== 'set' && step.kind !== 'reset') continue;
    const [group = '', name = ''] = step.setting.split('.');
    patch[group] = { ...patch[group], [name]: step.kind === 'set' ? step.value : null };
  }
  return patch;
}

/**
 * Does a plan, all of it or nothing. `planAgain` is asked inside the transaction: when somebody else changed the installation since the plan was
 * shown, null is answered and nothing is done. Throws what the use cases throw.
 */
export async function applyPlan(
  deps: Deps,
  steps: readonly PlannedStep[],
  planAgain: (tx: Tx) => Promise<readonly PlannedStep[]>,
): Promise<Applied | null> {
  const facts = await gatherLockOutFacts(deps);
  const patch = configPatchOf(steps);
  const works: Work[] = [];
  for (const step of steps) works.push(...[await prepareStep(deps, step)].filter((work) => work !== null));
  const apply = async (tx: Tx) => {
    if (!isDeepStrictEqual(await planAgain(tx), steps)) return null;
    if (Object.keys(patch).length > 0) await writeConfig({ ...deps, tx }, { patch, by, facts });
    const added: AddedClient[] = [];
    for (const work of works) added.push(...[await work(tx)].filter((one) => one !== null));
    return added;
  };
  return deps.database.write(apply).catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error;
    throw clientAdministrationRefusals.client_slug_taken();
  });
}
