import type { OutgoingEvent } from '../../event-feed/index.ts';
import { jsonOf, type Sink, type SinkDeps, SinkFailure, sendTo } from '../sink.ts';

export interface ElasticSettings {
  url?: string | undefined;
  apiKey?: string | undefined;
  index: string;
}

const CONFLICT = 409;

/** `metadata` differs from event to event: as text it never collides with the mapping of an index. */
function documentOf(event: OutgoingEvent): object {
  return { '@timestamp': event.created_at, ...event, metadata: JSON.stringify(event.metadata) };
}

/** The first item that was refused, but for those the index has already. */
function refusedOf(answer: Record<string, unknown>): { status: number } | undefined {
  const items = Array.isArray(answer.items) ? (answer.items as { create?: { status: number } }[]) : [];
  return items.map((item) => item.create ?? { status: 0 }).find(({ status }) => status > 299 && status !== CONFLICT);
}

/** Elasticsearch `_bulk`: `create` with the id of the event, so that what is sent twice is stored once; fit for data streams. */
export function elasticSink({ fetch }: SinkDeps, settings: ElasticSettings): Sink {
  const url = `${settings.url?.replace(/\/$/, '')}/_bulk`;
  return {
    name: 'elastic',
    gatherMs: 0,
    async send(events) {
      const lines = events.flatMap((event) => [
        JSON.stringify({ create: { _index: settings.index, _id: event.id } }),
        JSON.stringify(documentOf(event)),
      ]);
      const headers = { authorization: `ApiKey ${settings.apiKey}`, 'content-type': 'application/x-ndjson' };
      const body = `${lines.join('\n')}\n`;
      const answer = jsonOf(await sendTo(fetch, url, { method: 'POST', headers, body, expected: [200] }));
      const refused = answer.errors === false ? undefined : refusedOf(answer);
      if (refused) throw new SinkFailure(`refused an event with ${refused.status}`);
    },
  };
}
