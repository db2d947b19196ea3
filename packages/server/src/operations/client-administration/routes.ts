import {
  Client,
  ClientAnswer,
  ClientCreate,
  ClientPatch,
  KeyRotation,
  NewClientAnswer,
  OneOf,
  RotatedApiKey,
  RotatedClientSecret,
  RotatedSigningKey,
} from '@gatehouse/protocol';
import { type TObject, Type } from 'typebox';
import type { RequestFacts } from '../../platform/events/index.ts';
import { defineRoute, type Route, reply } from '../../platform/http/index.ts';
import { PageOf, pageFields, pageOf, readPage } from '../../platform/paging/index.ts';
import { type ClientRecord, findRecord, listRecords } from '../../tenancy/clients/index.ts';
import { type Administrator, type AdminScope, adminRefusals, isProofFresh, reaches } from '../admins/index.ts';
import { addClient } from './add-client.ts';
import type { AdministrationDeps } from './administration-deps.ts';
import { changeClientAs } from './change-client-as.ts';
import { presentClient } from './present-client.ts';
import { type KeyName, type RotatedKey, rotateKeyOf } from './rotate-key-of.ts';

const base = { cors: 'nobody', tag: 'Administration: clients' } as const;
const params = Type.Object({ client_id: Type.String({ maxLength: 64 }) });
const COMMON = ['invalid_admin_token', 'admin_permission_missing'];
const ONE = [...COMMON, 'client_not_found'];

const by = (admin: Administrator, facts: RequestFacts) => ({ actor: admin.actor, request: facts });

async function recordOf(deps: AdministrationDeps, id: string): Promise<ClientRecord> {
  const record = await findRecord(deps.database.read, id);
  if (!record) throw adminRefusals.client_not_found();
  return record;
}

/** The one client a scope reaches; nothing for a scope below a client, and undefined for all of them. */
function onlyOf(scope: AdminScope): string | undefined {
  if (scope.kind === 'all') return undefined;
  return reaches(scope, scope.clientId) ? scope.clientId : '';
}

function addRoute(deps: AdministrationDeps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: '/api/admin/clients',
    access: { admin: 'clients:write' },
    summary: 'Add a client; its keys are shown only in this answer',
    body: ClientCreate,
    responses: { 201: NewClientAnswer },
    refusals: [...COMMON, 'client_slug_taken'],
    async handle({ caller, body, facts }) {
      // A new client belongs to nobody's scope yet.
      if (!reaches(caller.admin.scope, null)) throw adminRefusals.admin_permission_missing();
      const added = await addClient(deps, {
        name: body.name,
        slug: body.slug,
        allowedOrigins: body.allowed_origins,
        webhookUrl: body.webhook_url,
        tokenMode: body.token_mode,
        settings: body.settings,
        by: by(caller.admin, facts),
      });
      const keys = { api_key: added.apiKey, client_secret: added.clientSecret };
      const secret = added.jwtSecret !== null && { jwt_secret: added.jwtSecret };
      return reply({ status: 201, body: { client: presentClient(added.client), ...keys, ...secret } });
    },
  });
}

function listRoute(deps: AdministrationDeps): Route {
  return defineRoute({
    ...base,
    method: 'GET',
    path: '/api/admin/clients',
    access: { admin: 'clients:read' },
    summary: 'The clients, the default one first and then the newest',
    query: Type.Object(
      {
        ...pageFields,
        q: Type.Optional(Type.String({ maxLength: 120, description: 'Part of a name or slug, or an id.' })),
        status: Type.Optional(OneOf('active', 'disabled')),
      },
      { additionalProperties: false },
    ),
    responses: { 200: PageOf(Client, 'ClientPage') },
    refusals: COMMON,
    async handle({ caller, query }) {
      const { limit, after } = readPage(query);
      const filter = { q: query.q, status: query.status, only: onlyOf(caller.admin.scope) };
      const rows = await listRecords(deps.database.read, { ...filter, after, limit: limit + 1 });
      return pageOf(rows, { limit, keyOf: (row) => row.id, present: presentClient });
    },
  });
}

function readRoute(deps: AdministrationDeps): Route {
  return defineRoute({
    ...base,
    method: 'GET',
    path: '/api/admin/clients/:client_id',
    access: { client_admin: 'clients:read' },
    summary: 'One client',
    params,
    responses: { 200: ClientAnswer },
    refusals: ONE,
    handle: async ({ caller }) => ({ client: presentClient(await recordOf(deps, caller.client.id)) }),
  });
}

/** Another way to sign comes with new keys, and the legacy one with a secret in the answer: that is a rotation by another name. */
function makesKeys({ token_mode, settings = {} }: { token_mode?: unknown; settings?: object }): boolean {
  return token_mode !== undefined || 'signing_algorithm' in settings;
}

function changeRoute(deps: AdministrationDeps): Route {
  return defineRoute({
    ...base,
    method: 'PATCH',
    path: '/api/admin/clients/:client_id',
    access: { client_admin: 'clients:write' },
    summary: 'Change a client; `settings` is a merge patch (RFC 7396), `status` `disabled` switches it off',
    params,
    body: ClientPatch,
    responses: { 200: ClientAnswer },
    refusals: [...ONE, 'client_slug_taken', 'default_client_required', 'admin_step_up_required'],
    async handle({ caller, body, facts }) {
      if (makesKeys(body) && !isProofFresh('keys:rotate', caller.admin.authenticatedAt, deps.clock.now())) {
        throw adminRefusals.admin_step_up_required();
      }
      const { allowed_origins: allowedOrigins, webhook_url: webhookUrl, token_mode: tokenMode, ...same } = body;
      const { client, jwtSecret } = await changeClientAs(deps, {
        client: await recordOf(deps, caller.client.id),
        change: { ...same, allowedOrigins, webhookUrl, tokenMode },
        by: by(caller.admin, facts),
      });
      return { client: presentClient(client), ...(jwtSecret !== null && { jwt_secret: jwtSecret }) };
    },
  });
}

interface RotationPath {
  path: string;
  name: KeyName;
  summary: string;
  answer: TObject;
  present(rotated: RotatedKey): object;
}

const rotationPaths: readonly RotationPath[] = [
  ...['rotate-api-key', 'rotate-key'].map((path) => ({
    path,
    name: 'api_key' as const,
    summary: 'A new API key; the old one works until the overlap ends',
    answer: RotatedApiKey,
    present: (rotated: RotatedKey) => ({ api_key: rotated.key }),
  })),
  {
    path: 'rotate-client-secret',
    name: 'client_secret',
    summary: 'A new client secret; the old one works until the overlap ends',
    answer: RotatedClientSecret,
    present: (rotated) => ({ client_secret: rotated.key }),
  },
  ...['rotate-secret', 'rotate-jwt'].map((path) => ({
    path,
    name: 'signing_key' as const,
    summary: 'A new key for tokens; `immediate` ends every token that the old one signed',
    answer: RotatedSigningKey,
    present: ({ signing, key }: RotatedKey) => ({
      kid: signing?.kid,
      algorithm: signing?.algorithm,
      previous_kid: signing?.retired ?? null,
      ...(key !== null && { jwt_secret: key }),
    }),
  })),
];

function rotateRoute(deps: AdministrationDeps, { path, name, summary, answer, present }: RotationPath): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: `/api/admin/clients/:client_id/${path}`,
    access: { client_admin: 'keys:rotate' },
    summary,
    params,
    body: Type.Union([KeyRotation, Type.Null()]),
    responses: { 200: answer },
    refusals: [...ONE, 'admin_step_up_required'],
    async handle({ caller, body, facts }) {
      const rotated = await rotateKeyOf(deps, name, {
        client: await recordOf(deps, caller.client.id),
        overlapSeconds: body?.overlap_seconds,
        immediate: body?.immediate,
        by: by(caller.admin, facts),
      });
      const until = new Date(rotated.previousValidUntil).toISOString();
      return { ...present(rotated), previous_valid_until: until };
    },
  });
}

/** `/api/admin/clients` and everything about one client's name, settings and keys. */
export function clientAdministrationRoutes(deps: AdministrationDeps): Route[] {
  const rotations = rotationPaths.map((path) => rotateRoute(deps, path));
  return [addRoute(deps), listRoute(deps), readRoute(deps), changeRoute(deps), ...rotations];
}
