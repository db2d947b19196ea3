import { SystemConfig, SystemConfigAnswer } from '@gatehouse/protocol';
import { Type } from 'typebox';
import { defineRoute, type Route } from '../../platform/http/index.ts';
import type { ConfigSnapshot } from '../../tenancy/system-config/index.ts';
import { type ConfigurationDeps, changeConfigAs } from './change-config-as.ts';

const base = { path: '/api/admin/config', cors: 'nobody', tag: 'Administration: configuration' } as const;
const COMMON = ['invalid_admin_token', 'admin_permission_missing'];

function present({ config, sources, revision }: ConfigSnapshot) {
  const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  const shown = Object.entries(sources).map(([name, { source, updatedAt, updatedBy }]) => [
    name,
    { source, updated_at: iso(updatedAt), updated_by: updatedBy },
  ]);
  return { config, sources: Object.fromEntries(shown), revision };
}

/** `/api/admin/config`: reading, changing, and the shape. */
export function configurationRoutes(deps: ConfigurationDeps): Route[] {
  const read = defineRoute({
    ...base,
    method: 'GET',
    access: { admin: 'config:read' },
    summary: 'The configuration in force, and where each value comes from',
    responses: { 200: SystemConfigAnswer },
    refusals: COMMON,
    async handle() {
      await deps.runtime.refresh();
      return present(deps.runtime.snapshot());
    },
  });
  const change = defineRoute({
    ...base,
    method: 'PATCH',
    access: { admin: 'config:write' },
    summary: 'Change the configuration by a merge patch (RFC 7396); `null` gives a setting back to the environment',
    body: Type.Object({}, { additionalProperties: true, description: 'A part of the configuration.' }),
    responses: { 200: SystemConfigAnswer },
    refusals: [...COMMON, 'admin_step_up_required', 'config_locks_out'],
    async handle({ caller, body, facts }) {
      const by = { actor: caller.admin.actor, request: facts };
      return present(await changeConfigAs(deps, { patch: body, by }));
    },
  });
  const schema = defineRoute({
    ...base,
    method: 'GET',
    path: '/api/admin/config/schema',
    access: { admin: 'config:read' },
    summary: 'The shape of the configuration, as JSON Schema',
    responses: { 200: Type.Object({}, { additionalProperties: true }) },
    refusals: COMMON,
    handle: () => ({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...SystemConfig }),
  });
  return [read, change, schema];
}
