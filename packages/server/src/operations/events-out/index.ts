/**
 * Events out: everything that reads sealed events and carries them out of the house, started and stopped as one.
 */
import type { Config } from '../../config/index.ts';
import { createSafeFetch, type Resolve } from '../../platform/fetch/index.ts';
import type { Route } from '../../platform/http/index.ts';
import type { Log } from '../../platform/log/index.ts';
import { createLogStreams, type LogStreams, openSinks } from '../log-streams/index.ts';
import { webhookRoutes } from '../webhook-administration/index.ts';
import { createWebhooks, type Webhooks, type WebhooksDeps } from '../webhooks/index.ts';
import { createWebhookTargets } from './webhook-targets.ts';

export interface EventsOutDeps extends Omit<WebhooksDeps, 'settings' | 'onFailure' | 'fetch' | 'checkUrl'> {
  /** Finds addresses of host names; the machine's own way unless given. */
  resolve?: Resolve | undefined;
  config: Config;
  log: Log;
}

export interface EventsOut {
  webhooks: Webhooks;
  logStreams: LogStreams;
  routes: Route[];
  /** Something was sealed. */
  look(): void;
  start(): void;
  stop(): Promise<void>;
}

const SECOND = 1000;
const LEASE_SLACK_MS = 30_000;
/** A token, an attempt, a missing log stream that is made, another attempt. */
const MOST_REQUESTS = 4;

function openStreams({ config, ...deps }: EventsOutDeps): LogStreams {
  const { names, timeoutSeconds, retryAttempts } = config.logStreams;
  const timeoutMs = timeoutSeconds * SECOND;
  // The operator names these addresses, not a stranger: they may well stand in the same network.
  const fetch = createSafeFetch({ allowPrivate: true, ports: 'any', timeoutMs });
  const sinks = openSinks(names, { fetch, clock: deps.clock }, config);
  return createLogStreams({ ...deps, sinks, retryAttempts, leaseMs: MOST_REQUESTS * timeoutMs + LEASE_SLACK_MS });
}

export function createEventsOut(deps: EventsOutDeps): EventsOut {
  const { config, log } = deps;
  const webhooks = createWebhooks({
    ...deps,
    ...createWebhookTargets(config.webhooks, deps.resolve),
    settings: config.webhooks,
    onFailure: (error) => log.error('webhooks.failed', { error }),
  });
  const logStreams = openStreams(deps);
  return {
    webhooks,
    logStreams,
    routes: webhookRoutes(webhooks.desk),
    look() {
      webhooks.look();
      logStreams.look();
    },
    start() {
      webhooks.start();
      logStreams.start();
    },
    async stop() {
      await Promise.all([webhooks.stop(), logStreams.stop()]);
    },
  };
}
