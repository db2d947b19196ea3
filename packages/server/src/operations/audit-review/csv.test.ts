import type { SealedAuditEvent } from '@gatehouse/protocol';
import { expect, test } from 'vitest';
import { csvHeader, csvLine } from './csv.ts';

const event: SealedAuditEvent = {
  id: '1',
  client_id: 'default',
  user_id: null,
  event_type: 'login_success',
  actor_type: 'user',
  actor_id: null,
  target_type: 'user',
  target_id: null,
  request_id: 'r',
  ip: '::1',
  user_agent: 'x',
  metadata: {},
  created_at: '2026-01-01T00:00:00.000Z',
  retention_until: '2027-01-01T00:00:00.000Z',
  seq: 0,
  leaf_hash: 'h',
  legal_hold: false,
};

test('a line has a cell for every column', () => {
  const columns = csvHeader.trim().split(',');
  expect(csvLine(event).trim().split(',')).toHaveLength(columns.length);
});

test('quotes, commas and line breaks stay inside their cell', () => {
  expect(csvLine({ ...event, user_agent: 'a "b", c\r\nd' })).toContain(',"a ""b"", c\r\nd",');
});

test.each(['=1+1', '+1', '-1', '@a', '\tx'])('%j is no formula when a spreadsheet opens it', (text) => {
  expect(csvLine({ ...event, user_agent: text })).toContain(`,'${text},`);
});
