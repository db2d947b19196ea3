import type { SafeFetch } from '../fetch/index.ts';
import { type AwsCredentials, signAwsRequest } from './sign-aws-request.ts';

/** A bucket, and who may write to it. */
export interface S3Bucket {
  name: string;
  region: string;
  credentials: AwsCredentials;
  /** Another server that speaks S3; the bucket is then part of the path, because it seldom has a host name for each. */
  endpoint?: string | undefined;
}

/** Writes one object; a second time it is the same object. Throws when it was not taken. */
export async function putS3Object(
  deps: { fetch: SafeFetch; clock: { now(): number } },
  { name, region, credentials, endpoint }: S3Bucket,
  object: { key: string; contentType: string; body: string | Uint8Array },
): Promise<void> {
  const base = endpoint ? `${endpoint.replace(/\/$/, '')}/${name}` : `https://${name}.s3.${region}.amazonaws.com`;
  const url = new URL(`${base}/${object.key}`);
  const { body } = object;
  const request = { method: 'PUT' as const, url, headers: { 'content-type': object.contentType }, body };
  const headers = signAwsRequest(request, { credentials, region, service: 's3', now: deps.clock.now() });
  const { status } = await deps.fetch(url.href, { method: 'PUT', headers, body });
  if (status !== 200) throw new Error(`S3 answered ${status}`);
}
