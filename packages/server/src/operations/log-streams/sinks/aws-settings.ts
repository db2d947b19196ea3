import type { AwsCredentials } from '../../../platform/aws-signature/index.ts';

/** What S3 and CloudWatch share. */
export interface AwsSettings {
  region?: string | undefined;
  accessKeyId?: string | undefined;
  secretAccessKey?: string | undefined;
  sessionToken?: string | undefined;
  bucket?: string | undefined;
  prefix: string;
  s3Endpoint?: string | undefined;
  logGroup?: string | undefined;
  logStream: string;
  logsEndpoint?: string | undefined;
}

export function credentialsOf(settings: AwsSettings): AwsCredentials {
  const { accessKeyId = '', secretAccessKey = '', sessionToken } = settings;
  return { accessKeyId, secretAccessKey, sessionToken };
}
