import type { Sink, SinkDeps } from './sink.ts';
import type { AwsSettings } from './sinks/aws-settings.ts';
import { type AzureSettings, azureSink } from './sinks/azure.ts';
import { cloudwatchSink } from './sinks/cloudwatch.ts';
import { type DatadogSettings, datadogSink } from './sinks/datadog.ts';
import { type ElasticSettings, elasticSink } from './sinks/elastic.ts';
import { type GcpSettings, gcpSink } from './sinks/gcp.ts';
import { s3Sink } from './sinks/s3.ts';
import { type SplunkSettings, splunkSink } from './sinks/splunk.ts';

/** The groups of the configuration that sinks read. */
export interface SinkSettings {
  datadog: DatadogSettings;
  splunk: SplunkSettings;
  elastic: ElasticSettings;
  aws: AwsSettings;
  gcp: GcpSettings;
  azure: AzureSettings;
}

/** Lines of JSON beside those of the log, for collectors that read the output of the process. */
export function stdoutSink(output: { write(text: string): unknown }): Sink {
  return {
    name: 'stdout',
    gatherMs: 0,
    async send(events) {
      output.write(events.map((audit) => `${JSON.stringify({ event: 'audit.event', audit })}\n`).join(''));
    },
  };
}

type OpenSink = (deps: SinkDeps, settings: SinkSettings) => Sink;

const sinks: Readonly<Record<string, OpenSink>> = {
  datadog: (deps, settings) => datadogSink(deps, settings.datadog),
  splunk: (deps, settings) => splunkSink(deps, settings.splunk),
  elastic: (deps, settings) => elasticSink(deps, settings.elastic),
  s3: (deps, settings) => s3Sink(deps, settings.aws),
  cloudwatch: (deps, settings) => cloudwatchSink(deps, settings.aws),
  gcp: (deps, settings) => gcpSink(deps, settings.gcp),
  azure: (deps, settings) => azureSink(deps, settings.azure),
  stdout: () => stdoutSink(process.stdout),
};

/** The sinks with these names, which the configuration has checked. */
export function openSinks(names: readonly string[], deps: SinkDeps, settings: SinkSettings): Sink[] {
  return names.flatMap((name) => sinks[name]?.(deps, settings) ?? []);
}
