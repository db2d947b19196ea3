import type { EventListener } from '../../platform/events/index.ts';
import type { Finished } from '../../platform/http/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { GaugeSource } from './gauges.ts';
import { beginMeasuring, type Measuring } from './measuring.ts';

export interface Telemetry {
  onFinished(finished: Finished): void;
  /** Counts what is announced, once it is committed. */
  onEvent: EventListener;
  /** Prometheus text; begins to count if nothing did before. */
  render(): Promise<{ contentType: string; text: string }>;
  /** Listens on the port of the metrics, when there is one. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

export interface TelemetryDeps {
  host: string;
  port: number | undefined;
  log: Log;
  gauges: readonly GaugeSource[];
}

const OUTCOMES: Readonly<Record<string, string>> = { login_success: 'success', login_failed: 'failure' };

function writeDown(log: Log, { requestId, method, route, status, durationMs }: Finished): void {
  log[status >= 500 ? 'error' : 'info']('http.request.completed', {
    request_id: requestId,
    method,
    route,
    status,
    duration_ms: Math.round(durationMs * 100) / 100,
  });
}

async function openPort(at: { host: string; port: number }, render: Telemetry['render']): Promise<() => Promise<void>> {
  // Imported when it is needed: as an ES module, node:http loads Node's own HTTP client too, 10 MB of it.
  const { createServer } = await import('node:http');
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    render().then(
      ({ contentType, text }) => response.writeHead(200, { 'content-type': contentType }).end(text),
      () => response.writeHead(503).end(),
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, () => resolve(() => new Promise((closed) => server.close(() => closed()))));
  });
}

/** Observes requests and events. Nothing is counted before somebody can read it. */
export function createTelemetry(deps: TelemetryDeps): Telemetry {
  let measuring: Measuring | null = null;
  let beginning: Promise<Measuring> | null = null;
  let closePort: () => Promise<void> = async () => undefined;
  const begin = async (): Promise<Measuring> => {
    beginning ??= beginMeasuring(deps.gauges);
    measuring = await beginning;
    return measuring;
  };
  const render = async () => (await begin()).render();
  return {
    render,
    onFinished(finished) {
      writeDown(deps.log, finished);
      const { method, route, status, durationMs } = finished;
      measuring?.request({ method, route, status: String(status) }, durationMs / 1000);
    },
    async onEvent(tx, events) {
      if (!measuring) return;
      for (const { name, metadata } of events) {
        const outcome = OUTCOMES[name];
        if (outcome === undefined) continue;
        const labels = { method: String(metadata?.method ?? 'unknown'), outcome };
        tx.afterCommit(() => measuring?.signIn(labels));
      }
    },
    async listen() {
      if (deps.port === undefined) return;
      await begin();
      closePort = await openPort({ host: deps.host, port: deps.port }, render);
    },
    close: () => closePort(),
  };
}
