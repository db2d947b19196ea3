import type { SealedAuditEvent } from '@gatehouse/protocol';

const COLUMNS = [
  'seq',
  'id',
  'created_at',
  'client_id',
  'user_id',
  'event_type',
  'actor_type',
  'actor_id',
  'target_type',
  'target_id',
  'request_id',
  'ip',
  'user_agent',
  'metadata',
  'retention_until',
  'legal_hold',
  'leaf_hash',
] as const satisfies readonly (keyof SealedAuditEvent)[];

/** One cell (RFC 4180 §2). A cell that spreadsheets would take for a formula gets an apostrophe in front. */
function cell(value: unknown): string {
  if (value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export const csvHeader = `${COLUMNS.join(',')}\r\n`;

export function csvLine(event: SealedAuditEvent): string {
  return `${COLUMNS.map((column) => cell(event[column])).join(',')}\r\n`;
}
