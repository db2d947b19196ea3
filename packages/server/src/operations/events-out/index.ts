/**
 * Events out: everything that reads sealed events and carries them out of the house, started and stopped as one.
 */
import type { Config } from '../../config/index.ts';
import type { Route } from '../../platform/http/index.ts';
import type { Log } from '../../platform/log/index.ts';
import { webhookRoutes } from '../webhook-administration/index.ts';
import { createWebhooks, type Webhooks, type WebhooksDeps } from '../webhooks/index.ts';

export interface EventsOutDeps extends Omit<WebhooksDeps, 'settings' | 'onFailure'> {
  config: Config;
  log: Log;
}

export interface EventsOut {
  webhooks: Webhooks;
  routes: Route[];
  /** Something was sealed. */
  look(): void;
  start(): void;
  stop(): Promise<void>;
}

export function createEventsOut(deps: EventsOutDeps): EventsOut {
  const { config, log } = deps;
  const webhooks = createWebhooks({
    ...deps,
    settings: config.webhooks,
    onFailure: (error) => log.error('webhooks.failed', { error }),
  });
  return {
    webhooks,
    routes: webhookRoutes(webhooks.desk),
    look: webhooks.look,
    start: webhooks.start,
    stop: webhooks.stop,
  };
}
