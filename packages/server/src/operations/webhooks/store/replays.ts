import { type Reader, statement, type Tx } from '../../../platform/database/index.ts';
import type { WebhookEndpointsTable } from '../tables.ts';
import type { Own } from './endpoints.ts';

type Replay = Own & { replay_seq: number | null; replay_end: number | null; replay_since: number | null };

export const setReplay = statement<Replay, never>((query, p) =>
  query
    .updateTable('webhook_endpoints')
    .set({ replay_seq: p('replay_seq'), replay_end: p('replay_end'), replay_since: p('replay_since') })
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id')),
);

const replaying = statement<object, WebhookEndpointsTable>((query) =>
  query.selectFrom('webhook_endpoints').selectAll().where('replay_seq', 'is not', null).limit(1),
);

/** One endpoint whose replay is not finished. */
export function findReplaying(on: Reader): Promise<WebhookEndpointsTable | null> {
  return replaying.first(on, {});
}

const lockReplay = statement<Own, WebhookEndpointsTable>((query, p, dialect) => {
  const one = query
    .selectFrom('webhook_endpoints')
    .selectAll()
    .where('id', '=', p('id'))
    .where('client_id', '=', p('client_id'))
    .where('replay_seq', 'is not', null);
  return dialect === 'postgres' ? one.forUpdate().skipLocked() : one;
});

/** Takes an endpoint with an unfinished replay; null when another node is at it. */
export function lockReplaying(tx: Tx, of: Own): Promise<WebhookEndpointsTable | null> {
  return lockReplay.first(tx, of);
}
