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
