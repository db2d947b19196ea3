/**
 * Telemetry: every finished request becomes a log line and an observation. Metrics are served as Prometheus text on a port of their own,
 * and only when one is configured (D28); without it nothing is counted and the library is not loaded.
 */
import { createServer } from 'node:http';
import type { Jobs } from '../../platform/jobs/index.ts';
import type { Log } from '../../platform/log/index.ts';
import { createMetrics, type Metrics } from '../../platform/metrics/index.ts';

/** What one request came to. */
interface Finished {
  requestId: string;
  method: string;
  route: string;
  status: number;
  durationMs: number;
}

export interface Telemetry {
  onFinished(finished: Finished): void;
  close(): Promise<void>;
}

export interface TelemetryDeps {
  host: string;
  port: number | undefined;
  log: Log;
  jobs: Jobs;
}

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

function measure(metrics: Metrics) {
  const duration = metrics.histogram({
    name: 'gatehouse_http_request_duration_seconds',
    help: 'How long requests took, by route.',
    labels: ['method', 'route', 'status'],
    buckets: BUCKETS,
  });
  const depth = metrics.gauge({
    name: 'gatehouse_jobs',
    help: 'Jobs that wait or were given up, by kind.',
    labels: ['kind', 'state'],
  });
  return { duration, depth };
}

async function serve(deps: TelemetryDeps, metrics: Metrics, beforeRender: () => Promise<void>) {
  const server = createServer(async (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    await beforeRender().catch(() => undefined);
    response.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.render());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(deps.port, deps.host, resolve);
  });
  return () => new Promise<void>((resolve) => server.close(() => resolve()));
}

/** Begins to observe; listens on the metrics port when there is one. */
export async function createTelemetry(deps: TelemetryDeps): Promise<Telemetry> {
  const { log, jobs } = deps;
  const write = ({ requestId, method, route, status, durationMs }: Finished) =>
    log[status >= 500 ? 'error' : 'info']('http.request.completed', {
      request_id: requestId,
      method,
      route,
      status,
      duration_ms: Math.round(durationMs * 100) / 100,
    });
  if (deps.port === undefined) return { onFinished: write, close: async () => undefined };
  const metrics = await createMetrics();
  const { duration, depth } = measure(metrics);
  const close = await serve(deps, metrics, async () => {
    for (const { kind, waiting, failed } of await jobs.count()) {
      depth.set(waiting - failed, { kind, state: 'waiting' });
      depth.set(failed, { kind, state: 'failed' });
    }
  });
  return {
    onFinished(finished) {
      write(finished);
      const labels = { method: finished.method, route: finished.route, status: String(finished.status) };
      duration.observe(finished.durationMs / 1000, labels);
    },
    close,
  };
}
