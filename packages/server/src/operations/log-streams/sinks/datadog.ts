import { gzipSync } from 'node:zlib';
import { type Sink, type SinkDeps, sendTo } from '../sink.ts';

export interface DatadogSettings {
  apiKey?: string | undefined;
  site: string;
  service: string;
  endpoint?: string | undefined;
}

/** Datadog Logs, `POST /api/v2/logs`: an array, compressed, answered 202. */
export function datadogSink({ fetch }: SinkDeps, settings: DatadogSettings): Sink {
  const base = settings.endpoint ?? `https://http-intake.logs.${settings.site}`;
  return {
    name: 'datadog',
    gatherMs: 0,
    async send(events) {
      const logs = events.map((event) => ({
        ddsource: 'gatehouse',
        ddtags: `client_id:${event.client_id}`,
        service: settings.service,
        message: JSON.stringify(event),
      }));
      await sendTo(fetch, `${base}/api/v2/logs`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-encoding': 'gzip',
          'dd-api-key': settings.apiKey ?? '',
        },
        body: gzipSync(JSON.stringify(logs)),
        expected: [200, 202],
      });
    },
  };
}
