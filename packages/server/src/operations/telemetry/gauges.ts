import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Jobs } from '../../platform/jobs/index.ts';
import { listSigningKeys } from '../../tenancy/signing-keys/index.ts';
import { countUnsealed } from '../audit-log/index.ts';
import { listStreams } from '../log-streams/index.ts';
import { treeSize } from '../transparency-log/index.ts';
import { countPendingDeliveries } from '../webhooks/index.ts';

/** One number that is read when somebody asks for it. */
export interface GaugeSource {
  name: string;
  help: string;
  labels: readonly string[];
  read(): Promise<{ value: number; labels: Record<string, string> }[]>;
}

const MS = 1000;

/** What goes out of the house, and how far behind it is. */
function outgoingGauges(database: Database): GaugeSource[] {
  return [
    {
      name: 'gatehouse_webhook_deliveries_pending',
      help: 'Webhook deliveries that wait or are on their way.',
      labels: [],
      read: async () => [{ value: await countPendingDeliveries(database.read), labels: {} }],
    },
    {
      name: 'gatehouse_log_stream_lag_events',
      help: 'Sealed events that a log stream has not carried out yet.',
      labels: ['stream'],
      async read() {
        const size = await treeSize(database.read);
        const streams = await listStreams(database.read);
        return streams.map(({ id, cursor_seq }) => ({ value: size - cursor_seq, labels: { stream: id } }));
      },
    },
  ];
}

/** How much waits, and how old the keys are. */
export function standardGauges(deps: { clock: Clock; database: Database; jobs: Jobs }): GaugeSource[] {
  const { clock, database, jobs } = deps;
  return [
    {
      name: 'gatehouse_jobs',
      help: 'Jobs that wait or were given up, by kind.',
      labels: ['kind', 'state'],
      read: async () =>
        (await jobs.count()).flatMap(({ kind, waiting, failed }) => [
          { value: waiting - failed, labels: { kind, state: 'waiting' } },
          { value: failed, labels: { kind, state: 'failed' } },
        ]),
    },
    {
      name: 'gatehouse_audit_unsealed_events',
      help: 'Committed events that wait for their place in the transparency log.',
      labels: [],
      read: async () => [{ value: await countUnsealed(database.read), labels: {} }],
    },
    {
      name: 'gatehouse_signing_key_age_seconds',
      help: 'Age of the keys of the issuer, by algorithm and slot.',
      labels: ['algorithm', 'slot'],
      read: async () =>
        (await listSigningKeys(database))
          .filter((key) => key.slot !== 'RETIRED')
          .map(({ algorithm, slot, createdAt }) => ({
            value: (clock.now() - createdAt) / MS,
            labels: { algorithm, slot },
          })),
    },
    ...outgoingGauges(database),
  ];
}
