import type { Config } from './config.ts';
import type { Findings } from './gather-values.ts';
import { type SettingKey, settings } from './settings.ts';

const aws = ['aws.region', 'aws.accessKeyId', 'aws.secretAccessKey'] as const;

/** What each log stream cannot do without. */
const needs: Readonly<Record<string, readonly SettingKey[]>> = {
  datadog: ['datadog.apiKey'],
  splunk: ['splunk.url', 'splunk.token'],
  elastic: ['elastic.url', 'elastic.apiKey'],
  s3: [...aws, 'aws.bucket'],
  cloudwatch: [...aws, 'aws.logGroup'],
  gcp: ['gcp.serviceAccount'],
  azure: ['azure.tenantId', 'azure.clientId', 'azure.clientSecret', 'azure.endpoint', 'azure.ruleId'],
  stdout: [],
};

function isServiceAccount(source: string): boolean {
  try {
    const { client_email: email, private_key: key } = JSON.parse(source) as Record<string, unknown>;
    return typeof email === 'string' && typeof key === 'string';
  } catch {
    return false;
  }
}

/** Names each of `needed` that is not set. */
function requireSettings(config: Config, { problems }: Findings, of: { needed: readonly SettingKey[]; by: string }) {
  const groups = config as unknown as Record<string, Record<string, unknown>>;
  for (const key of of.needed) {
    const [group = '', member = ''] = key.split('.');
    const setting = settings.find((one) => one.key === key);
    if (groups[group]?.[member] !== undefined || !setting) continue;
    problems.push({ name: setting.env[0], problem: `is needed by ${of.by}.`, example: setting.example });
  }
}

/** A witness that is a bucket can be written to. */
export function checkWitnesses(config: Config, findings: Findings): void {
  const isBucket = config.audit.witnesses.some((place) => place.startsWith('s3://'));
  if (isBucket) requireSettings(config, findings, { needed: aws, by: 'AUDIT_WITNESSES with s3://' });
}

/** Every stream that is switched on has what it needs. */
export function checkLogStreams(config: Config, findings: Findings): void {
  const { problems } = findings;
  for (const name of config.logStreams.names) {
    const needed = needs[name];
    if (!needed) {
      const problem = `has the entry ${JSON.stringify(name.slice(0, 40))}, but may name ${Object.keys(needs).join(', ')}.`;
      problems.push({ name: 'AUDIT_STREAMS', problem, example: 'datadog,s3' });
    }
    requireSettings(config, findings, { needed: needed ?? [], by: `AUDIT_STREAMS=${name}` });
  }
  const { serviceAccount } = config.gcp;
  if (config.logStreams.names.includes('gcp') && serviceAccount !== undefined && !isServiceAccount(serviceAccount)) {
    const problem = 'is not the key file of a service account.';
    problems.push({ name: 'GCP_SERVICE_ACCOUNT_JSON', problem, example: 'GCP_SERVICE_ACCOUNT_JSON_FILE=./key.json' });
  }
}
