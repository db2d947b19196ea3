/**
 * One timeline of the schema for SQLite and Postgres. A released step is never edited; changes are expand/contract,
 * so that version N and N+1 of the server live on the same database. A step that takes something away is named
 * `0042-contract-…`, and comes a release after the last version that used it.
 */
import type { Migration } from '../platform/database/index.ts';
import { foundation } from './0001-foundation.ts';
import { peopleWhoAdminister } from './0002-administrators.ts';
import { clients } from './0003-clients.ts';
import { deliveries } from './0004-deliveries.ts';
import { audit } from './0005-audit.ts';
import { webhookPauses } from './0006-webhook-pauses.ts';
import { roomForRefreshes } from './0007-room-for-refreshes.ts';

export const migrations: readonly Migration[] = [
  foundation,
  peopleWhoAdminister,
  clients,
  deliveries,
  audit,
  webhookPauses,
  roomForRefreshes,
];
