import { type Static, Type } from 'typebox';
import { NullableText } from './shapes.ts';

/** One event of the audit log, as the API, exports, webhooks and streams all write it. */
export const AuditEvent = Type.Object(
  {
    id: Type.String(),
    client_id: Type.String(),
    user_id: NullableText,
    event_type: Type.String({ description: 'snake_case; docs/events.md lists them.' }),
    actor_type: Type.String(),
    actor_id: NullableText,
    target_type: Type.String(),
    target_id: NullableText,
    request_id: Type.String(),
    ip: Type.String(),
    user_agent: Type.String(),
    metadata: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
    created_at: Type.String({ description: 'ISO 8601, UTC.' }),
    retention_until: Type.String({ description: 'Until when the event is kept at least.' }),
  },
  { title: 'AuditEvent' },
);
export type AuditEvent = Static<typeof AuditEvent>;

/** An event with its place in the transparency log. */
export const SealedAuditEvent = Type.Object(
  {
    ...AuditEvent.properties,
    seq: Type.Integer({ description: 'Its place in the log, from 0.' }),
    leaf_hash: Type.String({ description: 'Base64url; RFC 6962 leaf hash of its canonical text.' }),
    legal_hold: Type.Boolean(),
  },
  { title: 'SealedAuditEvent' },
);
export type SealedAuditEvent = Static<typeof SealedAuditEvent>;
