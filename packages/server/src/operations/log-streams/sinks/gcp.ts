import { sign } from 'node:crypto';
import { createTokenCache, jsonOf, type Sink, type SinkDeps, sendTo } from '../sink.ts';

export interface GcpSettings {
  /** The key file of a service account, as JSON. */
  serviceAccount?: string | undefined;
  projectId?: string | undefined;
  logId: string;
  endpoint: string;
}

interface ServiceAccount {
  client_email: string;
  private_key: string;
  private_key_id?: string;
  token_uri?: string;
  project_id?: string;
}

const SCOPE = 'https://www.googleapis.com/auth/logging.write';
const LIFE_SECONDS = 3600;

/** The assertion that a service account is exchanged for a token with (RFC 7523). */
function assertionOf(account: ServiceAccount, audience: string, now: number): string {
  const issuedAt = Math.floor(now / 1000);
  const header = { alg: 'RS256', typ: 'JWT', ...(account.private_key_id && { kid: account.private_key_id }) };
  const claims = {
    iss: account.client_email,
    scope: SCOPE,
    aud: audience,
    iat: issuedAt,
    exp: issuedAt + LIFE_SECONDS,
  };
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${sign('sha256', Buffer.from(text), account.private_key).toString('base64url')}`;
}

/** Google Cloud Logging, `entries:write`; `insertId` lets it forget repetitions. */
export function gcpSink({ fetch, clock }: SinkDeps, settings: GcpSettings): Sink {
  const account = JSON.parse(settings.serviceAccount ?? '{}') as ServiceAccount;
  const tokenUri = account.token_uri ?? 'https://oauth2.googleapis.com/token';
  const project = settings.projectId ?? account.project_id;
  const token = createTokenCache(clock, async () => {
    const body = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: assertionOf(account, tokenUri, clock.now()),
    }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return jsonOf(await sendTo(fetch, tokenUri, { method: 'POST', headers, body, expected: [200] }));
  });
  return {
    name: 'gcp',
    gatherMs: 0,
    async send(events) {
      const entries = events.map((event) => ({
        insertId: event.id,
        timestamp: event.created_at,
        severity: 'NOTICE',
        jsonPayload: event,
      }));
      const logName = `projects/${project}/logs/${encodeURIComponent(settings.logId)}`;
      await sendTo(fetch, `${settings.endpoint.replace(/\/$/, '')}/v2/entries:write`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
        body: JSON.stringify({ logName, resource: { type: 'global' }, entries }),
        expected: [200],
      });
    },
  };
}
