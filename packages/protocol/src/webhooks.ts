import { type Static, Type } from 'typebox';
import { AuditEvent } from './audit-events.ts';
import { NullableText, OneOf } from './shapes.ts';

const Time = Type.String({ description: 'ISO 8601, UTC.' });
const NullableInteger = Type.Unsafe<number | null>({ type: ['integer', 'null'] });
const Id = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' });

/** What a webhook's body holds, and what log streams carry: an event of the audit log and its place there. */
export const WebhookEvent = Type.Object(
  {
    type: Type.String({ description: 'The same as `event_type`.' }),
    seq: Type.Integer({
      description: 'The place in the audit log; ascending, so that receivers can put events in order.',
    }),
    ...AuditEvent.properties,
  },
  { title: 'WebhookEvent' },
);
export type WebhookEvent = Static<typeof WebhookEvent>;

const Url = Type.String({ minLength: 1, maxLength: 2000 });
const EventFilter = Type.Array(Type.String({ pattern: '^(\\*|[a-z][a-z0-9_]{0,99}\\*?)$' }), {
  maxItems: 100,
  description: 'Names of events, or their beginnings followed by `*`. An empty list is every event.',
});
const Status = OneOf('active', 'disabled');

const endpointFields = {
  id: Id,
  client_id: Type.String(),
  url: Type.String(),
  events: Type.Array(Type.String()),
  status: Status,
  source: Type.Unsafe<'endpoint' | 'client'>({
    type: 'string',
    enum: ['endpoint', 'client'],
    description: "`client`: the client's own `webhook_url`, signed with the secret of the configuration.",
  }),
  failures: Type.Integer({ description: 'Attempts that failed since the last one that did not.' }),
  previous_secret_until: NullableText,
  created_at: Time,
  updated_at: Time,
};

export const WebhookEndpoint = Type.Object(endpointFields, { title: 'WebhookEndpoint' });
export type WebhookEndpoint = Static<typeof WebhookEndpoint>;

/** The only answers that hold the secret. */
export const WebhookEndpointWithSecret = Type.Object(
  { ...endpointFields, secret: Type.String({ description: '`whsec_…`; shown once.' }) },
  { title: 'WebhookEndpointWithSecret' },
);

const strict = { additionalProperties: false };

export const WebhookEndpointCreate = Type.Object({ url: Url, events: Type.Optional(EventFilter) }, strict);
export const WebhookEndpointChange = Type.Object(
  { url: Type.Optional(Url), events: Type.Optional(EventFilter), status: Type.Optional(Status) },
  strict,
);
export const WebhookSecretRotation = Type.Object(
  {
    overlap_seconds: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 604_800, description: 'How long both secrets sign; a day unless given.' }),
    ),
    immediate: Type.Optional(Type.Boolean({ description: 'The old secret signs nothing any more.' })),
  },
  strict,
);
export const WebhookTest = Type.Object({}, strict);

/** What came of sending something to an endpoint. */
export const WebhookTestOutcome = Type.Object(
  {
    delivered: Type.Boolean(),
    webhook_id: Type.String(),
    status: NullableInteger,
    error: NullableText,
    duration_ms: Type.Integer(),
  },
  { title: 'WebhookTestOutcome' },
);

export const WebhookDeliveryStatus = OneOf('pending', 'delivered', 'dead');

export const WebhookDelivery = Type.Object(
  {
    id: Id,
    client_id: Type.String(),
    endpoint_id: Id,
    event_id: Id,
    event_type: Type.String(),
    seq: Type.Integer(),
    status: WebhookDeliveryStatus,
    attempts: Type.Integer(),
    next_attempt_at: NullableText,
    give_up_at: NullableText,
    last_status: NullableInteger,
    last_error: NullableText,
    last_duration_ms: NullableInteger,
    settled_at: NullableText,
    created_at: Time,
  },
  { title: 'WebhookDelivery' },
);
export type WebhookDelivery = Static<typeof WebhookDelivery>;

export const WebhookReplay = Type.Object(
  {
    from_seq: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    from_time: Type.Optional(Type.String({ maxLength: 40, description: 'ISO 8601.' })),
  },
  strict,
);
export const WebhookReplayAnswer = Type.Object({
  from_seq: Type.Integer({ description: 'Where the replay begins to look.' }),
  to_seq: Type.Integer({ description: 'The first place that is not part of it.' }),
});

export const WebhookEndpointPath = Type.Object({ client_id: Type.String(), id: Id });
export const WebhookDeliveryPath = Type.Object({ client_id: Type.String(), id: Id, delivery_id: Id });
