import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEvent, presentEvent } from './present-event.ts';
import type { AuditEventsTable } from './tables.ts';

const LATEST = 4_102_444_800_000;
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const maybe = fc.option(text, { nil: null });
const time = fc.integer({ min: 0, max: LATEST });

const rows: fc.Arbitrary<AuditEventsTable> = fc.record({
  id: fc.uuid(),
  client_id: text,
  user_id: maybe,
  event_type: text,
  actor_type: text,
  actor_id: maybe,
  target_type: text,
  target_id: maybe,
  request_id: text,
  ip: text,
  user_agent: text,
  metadata: fc.dictionary(text, fc.jsonValue()).map((value) => JSON.stringify(JSON.parse(JSON.stringify(value)))),
  created_at: time,
  retention_until: time,
});

test('what is exported reads back as exactly what was stored', () => {
  fc.assert(
    fc.property(rows, (row) => {
      const sent = JSON.parse(JSON.stringify(presentEvent(row))) as Record<string, unknown>;
      expect(parseEvent(sent)).toEqual(row);
    }),
  );
});

const honest = presentEvent({
  id: '1',
  client_id: 'default',
  user_id: null,
  event_type: 'login_success',
  actor_type: 'user',
  actor_id: null,
  target_type: 'user',
  target_id: null,
  request_id: '',
  ip: '',
  user_agent: '',
  metadata: '{}',
  created_at: 0,
  retention_until: 0,
});

test.each([
  ['a missing member', { ip: undefined }],
  ['a number for a text', { event_type: 7 }],
  ['a text for metadata', { metadata: '{}' }],
  ['a list for metadata', { metadata: [] }],
  ['no time', { created_at: 'yesterday' }],
  ['a time in another form', { created_at: '1970-01-01T00:00:00Z' }],
])('%s is no event', (_what, change) => {
  expect(parseEvent({ ...honest, ...change })).toBeNull();
});
