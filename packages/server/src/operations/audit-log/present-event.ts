import type { AuditEvent } from '@gatehouse/protocol';
import type { AuditEventsTable } from './tables.ts';

/** An event as it leaves the server. */
export function presentEvent(row: AuditEventsTable): AuditEvent {
  return {
    id: row.id,
    client_id: row.client_id,
    user_id: row.user_id,
    event_type: row.event_type,
    actor_type: row.actor_type,
    actor_id: row.actor_id,
    target_type: row.target_type,
    target_id: row.target_id,
    request_id: row.request_id,
    ip: row.ip,
    user_agent: row.user_agent,
    metadata: JSON.parse(row.metadata) as Record<string, unknown>,
    created_at: new Date(row.created_at).toISOString(),
    retention_until: new Date(row.retention_until).toISOString(),
  };
}

const TEXTS = ['id', 'client_id', 'event_type', 'actor_type', 'target_type', 'request_id', 'ip', 'user_agent'] as const;
const NULLABLE = ['user_id', 'actor_id', 'target_id'] as const;
const TIMES = ['created_at', 'retention_until'] as const;

function timeOf(value: unknown): number | null {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString() === value ? at : null;
}

/** Reads back what `presentEvent` wrote, from a stranger's file; null when it is not one. */
export function parseEvent(presented: Record<string, unknown>): AuditEventsTable | null {
  const { metadata } = presented;
  const isObject = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  if (!isObject || TEXTS.some((name) => typeof presented[name] !== 'string')) return null;
  if (NULLABLE.some((name) => presented[name] !== null && typeof presented[name] !== 'string')) return null;
  const [createdAt, retentionUntil] = TIMES.map((name) => timeOf(presented[name]));
  if (createdAt == null || retentionUntil == null) return null;
  const members = [...TEXTS, ...NULLABLE].map((name) => [name, presented[name]]);
  return {
    ...(Object.fromEntries(members) as Omit<AuditEventsTable, 'metadata' | (typeof TIMES)[number]>),
    metadata: JSON.stringify(metadata),
    created_at: createdAt,
    retention_until: retentionUntil,
  };
}
