import type { Config } from './config.ts';
import type { Findings } from './gather-values.ts';
import { AWS_ACCESS } from './log-stream-settings.ts';
import { requireSettings } from './require-settings.ts';
import type { SettingKey } from './settings.ts';

/** What each log stream cannot do without. */
const needs: Readonly<Record<string, readonly SettingKey[]>> = {
  datadog: ['datadog.apiKey'],
  splunk: ['splunk.url', 'splunk.token'],
  elastic: ['elastic.url', 'elastic.apiKey'],
  s3: [...AWS_ACCESS, 'aws.bucket'],
  cloudwatch: [...AWS_ACCESS, 'aws.logGroup'],
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
