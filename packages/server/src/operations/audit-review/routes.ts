import { Readable } from 'node:stream';
import { SealedAuditEvent } from '@gatehouse/protocol';
import { Type } from 'typebox';
import { type Announce, type Event, INSTALLATION } from '../../platform/events/index.ts';
import { defineRoute, httpRefusals, type Route, reply } from '../../platform/http/index.ts';
import { PageOf, pageFields, pageOf, readPage } from '../../platform/paging/index.ts';
import { clientWithin } from '../admins/index.ts';
import { refusals } from './errors.ts';
import { exportEvents } from './export-events.ts';
import { type FilterQuery, filterFields, readFilter } from './filter.ts';
import { holdEvents } from './hold-events.ts';
import { presentSealed } from './present-sealed.ts';
import { proofRoutes } from './proof-routes.ts';
import { type PurgeDeps, purgeEvents } from './purge-events.ts';
import { findSealed, listEvents } from './store.ts';

export interface AuditRoutesDeps extends PurgeDeps {
  announce: Announce;
  /** Gives every committed event its place, now. */
  seal(): Promise<void>;
}

const base = { cors: 'nobody', tag: 'Administration: audit log' } as const;
const MOST_LISTED = 10_000;
const MOST_HELD = 1_000;

function listRoutes({ database, seal }: AuditRoutesDeps): Route[] {
  const list = defineRoute({
    ...base,
    method: 'GET',
    path: '/api/admin/audit-events',
    access: { admin: 'audit:read' },
    summary: 'Search the audit log, newest first',
    query: Type.Object({ ...filterFields, ...pageFields }, { additionalProperties: false }),
    responses: { 200: PageOf(SealedAuditEvent, 'AuditEventPage') },
    refusals: ['invalid_request'],
    handle: async ({ query, caller }) => {
      const filter = readFilter(query, clientWithin(caller.admin.scope));
      const { limit, after } = readPage(query, MOST_LISTED);
      const before = after === null ? Number.MAX_SAFE_INTEGER : Number(after);
      if (!Number.isSafeInteger(before)) throw httpRefusals.invalid_request();
      await seal();
      const rows = await listEvents(database.read, filter, { before, most: limit + 1 });
      return pageOf(rows, { limit, keyOf: (row) => String(row.seq), present: presentSealed });
    },
  });
  const one = defineRoute({
    ...base,
    method: 'GET',
    path: '/api/admin/audit-events/:event_id',
    access: { admin: 'audit:read' },
    summary: 'One event',
    params: Type.Object({ event_id: Type.String({ maxLength: 100 }) }),
    responses: { 200: SealedAuditEvent },
    refusals: ['audit_event_not_found'],
    handle: async ({ params, caller }) => {
      await seal();
      const found = await findSealed(database.read, params.event_id, clientWithin(caller.admin.scope));
      if (!found) throw refusals.audit_event_not_found();
      return presentSealed(found);
    },
  });
  return [list, one];
}

const ExportQuery = Type.Object(
  {
    ...filterFields,
    format: Type.Optional(
      Type.Unsafe<'csv' | 'jsonl' | 'ndjson'>({ type: 'string', enum: ['csv', 'jsonl', 'ndjson'] }),
    ),
  },
  { additionalProperties: false },
);

const contentTypes = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson' };

function announceExport(deps: AuditRoutesDeps, by: Pick<Event, 'actor' | 'request'>, asked: FilterQuery) {
  const event = {
    name: 'audit_exported',
    clientId: INSTALLATION,
    target: { type: 'audit_log', id: 'events' },
  } as const;
  return deps.database.write((tx) => deps.announce(tx, { ...event, ...by, metadata: { ...asked } }));
}

function exportRoute(deps: AuditRoutesDeps): Route {
  return defineRoute({
    ...base,
    method: 'GET',
    path: '/api/admin/audit-events/export',
    access: { admin: 'audit:export' },
    summary: 'Export the audit log as a stream, oldest first',
    query: ExportQuery,
    responses: { 200: Type.String({ description: 'CSV, or one JSON object a line; docs/audit-log.md says which.' }) },
    refusals: ['invalid_request'],
    handle: async ({ query, caller, facts }) => {
      const { admin } = caller;
      const filter = readFilter(query, clientWithin(admin.scope));
      const format = query.format === 'jsonl' || query.format === 'ndjson' ? 'ndjson' : 'csv';
      await announceExport(deps, { actor: admin.actor, request: facts }, query);
      await deps.seal();
      const pieces = exportEvents({ clock: deps.clock, read: deps.database.read }, { filter, format });
      return reply({
        body: Readable.from(pieces),
        headers: {
          'content-type': contentTypes[format],
          'content-disposition': `attachment; filename="audit-events.${format}"`,
          'cache-control': 'no-store',
        },
      });
    },
  });
}

function holdRoute(deps: AuditRoutesDeps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: '/api/admin/audit-events/legal-hold',
    access: { admin: 'audit:hold' },
    summary: 'Place or release the legal hold of events',
    body: Type.Object(
      {
        event_ids: Type.Array(Type.String({ maxLength: 100 }), { minItems: 1, maxItems: MOST_HELD }),
        legal_hold: Type.Boolean(),
        reason: Type.Optional(Type.String({ maxLength: 500 })),
      },
      { additionalProperties: false },
    ),
    responses: { 200: Type.Object({ changed: Type.Integer() }, { title: 'LegalHoldOutcome' }) },
    refusals: ['invalid_request', 'audit_event_not_found'],
    handle: async ({ body, caller, facts }) => ({
      changed: await holdEvents(deps, {
        eventIds: body.event_ids,
        hold: body.legal_hold,
        reason: body.reason ?? '',
        within: clientWithin(caller.admin.scope),
        actor: caller.admin.actor,
        request: facts,
      }),
    }),
  });
}

function purgeRoute(deps: AuditRoutesDeps): Route {
  return defineRoute({
    ...base,
    method: 'POST',
    path: '/api/admin/audit-events/retention/purge',
    access: { admin: 'audit:purge' },
    summary: 'Remove events whose retention is over, or count them',
    body: Type.Object(
      { dry_run: Type.Optional(Type.Boolean({ description: 'True unless given: only counts.' })) },
      { additionalProperties: false },
    ),
    responses: {
      200: Type.Object(
        {
          dry_run: Type.Boolean(),
          expired: Type.Integer(),
          held: Type.Integer(),
          purge_ids: Type.Array(Type.String()),
        },
        { title: 'PurgeOutcome' },
      ),
    },
    refusals: ['invalid_request', 'audit_event_changed'],
    handle: async ({ body, caller, facts }) => {
      const dryRun = body.dry_run ?? true;
      await deps.seal();
      const outcome = await purgeEvents(deps, { dryRun, actor: caller.admin.actor, request: facts });
      return { dry_run: dryRun, expired: outcome.expired, held: outcome.held, purge_ids: outcome.purgeIds };
    },
  });
}

/** `/api/admin/audit-events` and everything below it. */
export function auditRoutes(deps: AuditRoutesDeps): Route[] {
  return [...listRoutes(deps), exportRoute(deps), holdRoute(deps), purgeRoute(deps), ...proofRoutes(deps)];
}
