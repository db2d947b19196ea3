import type { Config } from './config.ts';
import type { Findings } from './gather-values.ts';
import { AWS_ACCESS } from './log-stream-settings.ts';
import { requireSettings } from './require-settings.ts';

/** A witness that is a bucket can be written to. */
export function checkWitnesses(config: Config, findings: Findings): void {
  const isBucket = config.audit.witnesses.some((place) => place.startsWith('s3://'));
  if (isBucket) requireSettings(config, findings, { needed: AWS_ACCESS, by: 'AUDIT_WITNESSES with s3://' });
}
