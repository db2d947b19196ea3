import type { SafeFetch } from '../fetch/index.ts';
import { type AwsCredentials, signAwsRequest } from './sign-aws-request.ts';

/** A bucket, and who may use it. */
export interface S3Bucket {
  name: string;
  region: string;
  credentials: AwsCredentials;
  /** Another server that speaks S3; the bucket is then part of the path, because it seldom has a host name for each. */
  endpoint?: string | undefined;
}

export interface S3Object {
  key: string;
  contentType: string;
  body: string | Uint8Array;
}

export interface Bucket {
  /** Writes an object; with `ifAbsent` only where none is. Throws when it was not taken. */
  put(object: S3Object, options?: { ifAbsent?: boolean }): Promise<void>;
  /** The text of an object, or null when there is none. */
  read(key: string): Promise<string | null>;
}

/** A bucket of S3, or of what speaks like it. */
export function openBucket(deps: { fetch: SafeFetch; clock: { now(): number } }, bucket: S3Bucket): Bucket {
  const { name, region, credentials, endpoint } = bucket;
  const base = endpoint ? `${endpoint.replace(/\/$/, '')}/${name}` : `https://${name}.s3.${region}.amazonaws.com`;
  const ask = (
    method: 'GET' | 'PUT',
    key: string,
    sent: { headers: Record<string, string>; body?: S3Object['body'] },
  ) => {
    const url = new URL(`${base}/${key}`);
    const { headers: plain, body = '' } = sent;
    const request = { method, url, headers: plain, body };
    const headers = signAwsRequest(request, { credentials, region, service: 's3', now: deps.clock.now() });
    return deps.fetch(url.href, { method, headers, ...(sent.body !== undefined && { body: sent.body }) });
  };
  return {
    async put({ key, contentType, body }, { ifAbsent = false } = {}) {
      const headers = { 'content-type': contentType, ...(ifAbsent && { 'if-none-match': '*' }) };
      const { status } = await ask('PUT', key, { headers, body });
      if (status !== 200) throw new Error(`S3 answered ${status}`);
    },
    async read(key) {
      const { status, body } = await ask('GET', key, { headers: {} });
      if (status === 404) return null;
      if (status !== 200) throw new Error(`S3 answered ${status}`);
      return Buffer.from(body).toString();
    },
  };
}
