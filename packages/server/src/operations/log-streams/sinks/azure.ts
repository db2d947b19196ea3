import { gzipSync } from 'node:zlib';
import { createTokenCache, jsonOf, type Sink, type SinkDeps, sendTo } from '../sink.ts';

export interface AzureSettings {
  tenantId?: string | undefined;
  clientId?: string | undefined;
  clientSecret?: string | undefined;
  /** Of the data collection endpoint, or of the rule itself. */
  endpoint?: string | undefined;
  /** The immutable id of the data collection rule. */
  ruleId?: string | undefined;
  stream: string;
  authority: string;
}

const SCOPE = 'https://monitor.azure.com/.default';

/** Azure Monitor, Logs Ingestion API (2023-01-01): an array through a data collection rule, answered 204. */
export function azureSink({ fetch, clock }: SinkDeps, settings: AzureSettings): Sink {
  const { tenantId = '', clientId = '', clientSecret = '', endpoint = '', ruleId = '', stream } = settings;
  const token = createTokenCache(clock, async () => {
    const url = `${settings.authority.replace(/\/$/, '')}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`;
    const fields = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope: SCOPE };
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams(fields).toString();
    return jsonOf(await sendTo(fetch, url, { method: 'POST', headers, body, expected: [200] }));
  });
  const path = `dataCollectionRules/${encodeURIComponent(ruleId)}/streams/${encodeURIComponent(stream)}`;
  return {
    name: 'azure',
    gatherMs: 0,
    async send(events) {
      // `TimeGenerated` is the column every table has.
      const records = events.map((event) => ({ TimeGenerated: event.created_at, ...event }));
      await sendTo(fetch, `${endpoint.replace(/\/$/, '')}/${path}?api-version=2023-01-01`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await token()}`,
          'content-type': 'application/json',
          'content-encoding': 'gzip',
        },
        body: gzipSync(JSON.stringify(records)),
        expected: [204],
      });
    },
  };
}
