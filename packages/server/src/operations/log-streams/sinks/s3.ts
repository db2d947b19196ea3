import { gzipSync } from 'node:zlib';
import { credentialsOf, openBucket } from '../../../platform/aws-signature/index.ts';
import type { OutgoingEvent } from '../../event-feed/index.ts';
import type { Sink, SinkDeps } from '../sink.ts';
import type { AwsSettings } from './aws-settings.ts';

const GATHER_MS = 60_000;

/** Named by day and places, so that a listing is in the order of the log and the same batch is the same object. */
function keyOf(prefix: string, events: readonly OutgoingEvent[]): string {
  const [first] = events;
  const day = (first?.created_at ?? '').slice(0, 10).replaceAll('-', '/');
  const place = (event: OutgoingEvent | undefined) => String(event?.seq ?? 0).padStart(15, '0');
  return `${prefix.replace(/\/$/, '')}/${day}/${place(first)}-${place(events.at(-1))}.ndjson.gz`;
}

/** S3 and what speaks like it: an object of compressed lines for about a minute of events. */
export function s3Sink({ fetch, clock }: SinkDeps, settings: AwsSettings): Sink {
  const { region = '', bucket = '', prefix, s3Endpoint: endpoint } = settings;
  const target = { name: bucket, region, credentials: credentialsOf(settings), endpoint };
  const { put } = openBucket({ fetch, clock }, target);
  return {
    name: 's3',
    gatherMs: GATHER_MS,
    async send(events) {
      const body = gzipSync(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      await put({ key: keyOf(prefix, events), contentType: 'application/gzip', body });
    },
  };
}
