import { createHash, createHmac } from 'node:crypto';

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  /** Of temporary credentials. */
  sessionToken?: string | undefined;
}

/** The credentials among settings; without any, requests are signed as nobody and refused. */
export function credentialsOf(settings: {
  accessKeyId?: string | undefined;
  secretAccessKey?: string | undefined;
  sessionToken?: string | undefined;
}): AwsCredentials {
  const { accessKeyId = '', secretAccessKey = '', sessionToken } = settings;
  return { accessKeyId, secretAccessKey, sessionToken };
}

export interface AwsRequest {
  method: string;
  url: URL;
  /** Every one of them is signed; without `host` and `x-amz-date`, which are added. */
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array;
}

export interface AwsScope {
  credentials: AwsCredentials;
  region: string;
  service: string;
  /** Milliseconds since the epoch. */
  now: number;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** RFC 3986: what `encodeURIComponent` leaves alone and AWS does not. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function canonicalPath(url: URL): string {
  return url.pathname
    .split('/')
    .map((segment) => encode(decodeURIComponent(segment)))
    .join('/');
}

function canonicalQuery(url: URL): string {
  const pairs = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return pairs.sort().join('&');
}

function signingKey({ credentials, region, service }: AwsScope, day: string): Buffer {
  const parts = [day, region, service, 'aws4_request'];
  return parts.reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${credentials.secretAccessKey}`));
}

/** The headers to send, `authorization` among them; all but `host`, which the connection adds. */
export function signAwsRequest(request: AwsRequest, scope: AwsScope): Record<string, string> {
  const { credentials, region, service, now } = scope;
  const time = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = time.slice(0, 8);
  const bodyHash = sha256(request.body);
  const headers: Record<string, string> = {
    ...Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value.trim()])),
    'x-amz-date': time,
    ...(service === 's3' && { 'x-amz-content-sha256': bodyHash }),
    ...(credentials.sessionToken !== undefined && { 'x-amz-security-token': credentials.sessionToken }),
  };
  const signed = Object.entries({ ...headers, host: request.url.host }).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = signed.map(([name]) => name).join(';');
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('');
  const canonical = [
    request.method,
    canonicalPath(request.url),
    canonicalQuery(request.url),
    lines,
    names,
    bodyHash,
  ].join('\n');
  const place = `${day}/${region}/${service}/aws4_request`;
  const signature = hmac(signingKey(scope, day), [ALGORITHM, time, place, sha256(canonical)].join('\n')).toString(
    'hex',
  );
  const authorization = `${ALGORITHM} Credential=${credentials.accessKeyId}/${place}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...headers, authorization };
}
