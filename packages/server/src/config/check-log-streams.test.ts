import { expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { loadConfig } from './load-config.ts';

function problemsOf(env: Record<string, string>): string[] {
  try {
    loadConfig({ env, readFile: () => null });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((one) => one.name);
    throw error;
  }
}

// R347
test('a stream that does not exist is named', () => {
  expect(problemsOf({ AUDIT_STREAMS: 'stdout,syslog' })).toEqual(['AUDIT_STREAMS']);
  expect(problemsOf({ AUDIT_STREAMS: 'stdout' })).toEqual([]);
});

test.each([
  ['datadog', ['DD_API_KEY']],
  ['splunk', ['SPLUNK_HEC_URL', 'SPLUNK_HEC_TOKEN']],
  ['elastic', ['ELASTIC_URL', 'ELASTIC_API_KEY']],
  ['s3', ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AUDIT_S3_BUCKET']],
  ['cloudwatch', ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AUDIT_CLOUDWATCH_LOG_GROUP']],
  ['gcp', ['GCP_SERVICE_ACCOUNT_JSON']],
  ['azure', ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET', 'AZURE_LOGS_ENDPOINT', 'AZURE_LOGS_RULE_ID']],
])('%s says all that it needs at once', (name, needed) => {
  expect(problemsOf({ AUDIT_STREAMS: name })).toEqual(needed);
});

test('a witness that is a bucket says all that it needs at once', () => {
  const needed = ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
  expect(problemsOf({ AUDIT_WITNESSES: './kept, s3://witness/checkpoints' })).toEqual(needed);
  expect(problemsOf({ AUDIT_WITNESSES: './kept' })).toEqual([]);
});

test.each(['{}', 'not JSON, but long enough', '{"client_email":"a@b.example"}'])(
  '%s is no service account',
  (source) => {
    expect(problemsOf({ AUDIT_STREAMS: 'gcp', GCP_SERVICE_ACCOUNT_JSON: source })).toEqual([
      'GCP_SERVICE_ACCOUNT_JSON',
    ]);
  },
);

// R346, R348, R349
test.each([
  ['WEBHOOK_TIMEOUT', '0s'],
  ['WEBHOOK_RETRY_ATTEMPTS', '0'],
  ['WEBHOOK_ALLOWED_NETWORKS', 'localhost'],
  ['WEBHOOK_ALLOWED_PORTS', '70000'],
  ['AUDIT_STREAM_TIMEOUT', '2m'],
  ['AUDIT_STREAM_RETRY_ATTEMPTS', '11'],
])('%s=%s is a mistake', (name, value) => {
  expect(problemsOf({ [name]: value })).toEqual([name]);
});
