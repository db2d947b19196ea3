import { jsonOf, type Sink, type SinkDeps, SinkFailure, sendTo } from '../sink.ts';

export interface SplunkSettings {
  url?: string | undefined;
  token?: string | undefined;
  index?: string | undefined;
}

/** Splunk HTTP Event Collector: events one after another in one body, answered with code 0. */
export function splunkSink({ fetch }: SinkDeps, settings: SplunkSettings): Sink {
  const url = `${settings.url?.replace(/\/$/, '')}/services/collector/event`;
  return {
    name: 'splunk',
    gatherMs: 0,
    async send(events) {
      const lines = events.map((event) =>
        JSON.stringify({
          time: Date.parse(event.created_at) / 1000,
          source: 'gatehouse',
          sourcetype: 'gatehouse:audit',
          ...(settings.index !== undefined && { index: settings.index }),
          event,
        }),
      );
      const headers = { authorization: `Splunk ${settings.token}`, 'content-type': 'application/json' };
      const answer = await sendTo(fetch, url, { method: 'POST', headers, body: lines.join('\n'), expected: [200] });
      const { code } = jsonOf(answer);
      if (code !== 0) throw new SinkFailure(`answered with code ${Number(code)}`);
    },
  };
}
