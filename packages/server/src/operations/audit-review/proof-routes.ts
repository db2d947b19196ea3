import { Type } from 'typebox';
import type { Database } from '../../platform/database/index.ts';
import { defineRoute, httpRefusals, type Route } from '../../platform/http/index.ts';
import { adminRefusals, clientWithin, reaches } from '../admins/index.ts';
import {
  findCheckpoint,
  findNewestCheckpoint,
  listAuditKeys,
  proveConsistency,
  proveInclusion,
  verifyDatabase,
} from '../transparency-log/index.ts';
import { refusals } from './errors.ts';
import { shareRuns } from './share-runs.ts';
import { findSealed } from './store.ts';

export interface ProofRoutesDeps {
  database: Database;
  seal(): Promise<void>;
}

const base = {
  method: 'GET',
  access: { admin: 'audit:read' },
  cors: 'nobody',
  tag: 'Administration: audit log',
} as const;
const chain = '/api/admin/audit-events/chain';

const Size = Type.String({ pattern: '^[0-9]{1,15}$' });
const Hashes = Type.Array(Type.String({ description: 'Base64url.' }));
const encode = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString('base64url'));

const Checkpoint = Type.Object(
  { tree_size: Type.Integer(), checkpoint: Type.String({ description: 'A signed note (C2SP tlog-checkpoint).' }) },
  { title: 'AuditCheckpoint' },
);

function refuseSize(field: string) {
  const details = [{ field, problem: 'is not the size of a signed checkpoint' }];
  return httpRefusals.invalid_request({ body: { details } });
}

function verifyRoute({ database, seal }: ProofRoutesDeps): Route {
  const verify = shareRuns(async () => {
    await seal();
    return verifyDatabase(database.read);
  });
  return defineRoute({
    ...base,
    path: `${chain}/verify`,
    summary: 'Verify the whole log in the database',
    responses: {
      200: Type.Object(
        {
          ok: Type.Boolean(),
          tree_size: Type.Integer(),
          purged: Type.Integer(),
          checkpointed_size: Type.Integer(),
          broken: Type.Unsafe<{ seq: number | null; problem: string } | null>({
            type: ['object', 'null'],
            properties: { seq: { type: ['integer', 'null'] }, problem: { type: 'string' } },
          }),
        },
        { title: 'AuditVerdict' },
      ),
    },
    refusals: ['admin_permission_missing'],
    handle: async ({ caller }) => {
      // It reads the events of everybody, and says how many there are.
      if (!reaches(caller.admin.scope, null)) throw adminRefusals.admin_permission_missing();
      const { ok, size, purged, checkpointedSize, broken } = await verify();
      return { ok, tree_size: size, purged, checkpointed_size: checkpointedSize, broken };
    },
  });
}

function checkpointRoutes({ database, seal }: ProofRoutesDeps): Route[] {
  const newest = defineRoute({
    ...base,
    path: `${chain}/checkpoint`,
    summary: 'The newest signed checkpoint, or the one at a size',
    query: Type.Object({ tree_size: Type.Optional(Size) }, { additionalProperties: false }),
    responses: { 200: Checkpoint },
    refusals: ['invalid_request'],
    handle: async ({ query }) => {
      await seal();
      const asked = query.tree_size;
      const { read } = database;
      const row = asked === undefined ? await findNewestCheckpoint(read) : await findCheckpoint(read, Number(asked));
      if (!row) throw refuseSize('tree_size');
      return { tree_size: row.tree_size, checkpoint: row.note };
    },
  });
  const keys = defineRoute({
    ...base,
    path: `${chain}/keys`,
    summary: 'The public keys that sign checkpoints, newest first',
    responses: { 200: Type.Object({ keys: Type.Array(Type.String()) }, { title: 'AuditKeys' }) },
    handle: async () => ({ keys: await listAuditKeys(database.read) }),
  });
  return [newest, keys];
}

function consistencyRoute({ database }: ProofRoutesDeps): Route {
  return defineRoute({
    ...base,
    path: `${chain}/consistency`,
    summary: 'The proof that the log at one size continues the log at a smaller one (RFC 6962 §2.1.2)',
    query: Type.Object({ from: Size, to: Size }, { additionalProperties: false }),
    responses: {
      200: Type.Object({ from: Type.Integer(), to: Type.Integer(), proof: Hashes }, { title: 'AuditConsistency' }),
    },
    refusals: ['invalid_request'],
    handle: async ({ query }) => {
      const [from, to] = [Number(query.from), Number(query.to)];
      const newest = await findNewestCheckpoint(database.read);
      if (to > (newest?.tree_size ?? 0)) throw refuseSize('to');
      if (from < 1 || from > to) throw refuseSize('from');
      return { from, to, proof: encode(await proveConsistency(database.read, { oldSize: from, newSize: to })) };
    },
  });
}

function inclusionRoute({ database, seal }: ProofRoutesDeps): Route {
  return defineRoute({
    ...base,
    path: '/api/admin/audit-events/:event_id/proof',
    summary: 'The proof that an event stands in the signed log (RFC 6962 §2.1.1)',
    params: Type.Object({ event_id: Type.String({ maxLength: 100 }) }),
    responses: {
      200: Type.Object(
        {
          seq: Type.Integer(),
          leaf_hash: Type.String(),
          tree_size: Type.Integer(),
          proof: Hashes,
          checkpoint: Type.String(),
        },
        { title: 'AuditInclusion' },
      ),
    },
    refusals: ['audit_event_not_found'],
    handle: async ({ params, caller }) => {
      await seal();
      const { read } = database;
      const found = await findSealed(read, params.event_id, clientWithin(caller.admin.scope));
      const newest = await findNewestCheckpoint(read);
      if (!found || !newest) throw refusals.audit_event_not_found();
      const { seq, leaf_hash } = found;
      const proof = encode(await proveInclusion(read, { index: seq, size: newest.tree_size }));
      return { seq, leaf_hash, tree_size: newest.tree_size, proof, checkpoint: newest.note };
    },
  });
}

/** Everything with which somebody outside checks the log. */
export function proofRoutes(deps: ProofRoutesDeps): Route[] {
  return [verifyRoute(deps), ...checkpointRoutes(deps), consistencyRoute(deps), inclusionRoute(deps)];
}
