import { createMetrics } from '../../platform/metrics/index.ts';
import type { GaugeSource } from './gauges.ts';

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Everything that is counted in one process. */
export interface Measuring {
  request(labels: { method: string; route: string; status: string }, durationSeconds: number): void;
  signIn(labels: { method: string; outcome: string }): void;
  /** Prometheus text, with the gauges as they are now. */
  render(): Promise<{ contentType: string; text: string }>;
}

/** Begins to count; loads the library of metrics only here. */
export async function beginMeasuring(sources: readonly GaugeSource[]): Promise<Measuring> {
  const metrics = await createMetrics();
  const duration = metrics.histogram({
    name: 'gatehouse_http_request_duration_seconds',
    help: 'How long requests took, by route.',
    labels: ['method', 'route', 'status'],
    buckets: BUCKETS,
  });
  const signIns = metrics.counter({
    name: 'gatehouse_sign_ins_total',
    help: 'Tries to sign in, by method and outcome.',
    labels: ['method', 'outcome'],
  });
  const gauges = sources.map((source) => ({ source, gauge: metrics.gauge(source) }));
  return {
    request: (labels, seconds) => duration.observe(seconds, labels),
    signIn: (labels) => signIns.add(labels),
    async render() {
      for (const { source, gauge } of gauges) {
        gauge.reset();
        for (const { value, labels } of await source.read()) gauge.set(value, labels);
      }
      return { contentType: metrics.contentType, text: await metrics.render() };
    },
  };
}
