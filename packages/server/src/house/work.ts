import { createWitnessing } from '../operations/audit-witnesses/index.ts';
import { createEventsOut } from '../operations/events-out/index.ts';
import { createHousekeeping } from '../operations/housekeeping/index.ts';
import { createTelemetry, standardGauges } from '../operations/telemetry/index.ts';
import { createSealer } from '../operations/transparency-log/index.ts';
import { credentialsOf } from '../platform/aws-signature/index.ts';
import type { Ground } from './ground.ts';

const SECOND = 1000;

/** Something that works in the background until it is told to stop. */
interface Worker {
  start(): void;
  stop(): void | Promise<void>;
}

/** What happens between requests. */
export function openWork(ground: Ground) {
  const eventsOut = createEventsOut(ground);
  const housekeeping = createHousekeeping(ground);
  const sealer = createSealer({
    ...ground,
    onFailure: (error) => ground.log.error('audit.seal.failed', { error }),
    onSealed(size) {
      ground.log.debug('audit.sealed', { count: size });
      eventsOut.look();
    },
  });
  const { witnesses: places, witnessIntervalSeconds } = ground.config.audit;
  const { region = '', s3Endpoint: endpoint } = ground.config.aws;
  const s3 = { region, credentials: credentialsOf(ground.config.aws), endpoint };
  const witnessing = createWitnessing({ ...ground, places, s3, intervalMs: witnessIntervalSeconds * SECOND });
  const gauges = standardGauges(ground);
  const telemetry = createTelemetry({ ...ground.config.metrics, log: ground.log, gauges });
  ground.listen(telemetry.onEvent);
  // Stopped in this order: what makes work before what does it.
  const workers: Worker[] = [ground.runtime, housekeeping, sealer, witnessing, eventsOut, ground.jobs];
  return {
    sealer,
    witnessing,
    eventsOut,
    telemetry,
    start() {
      for (const worker of workers) worker.start();
    },
    async stop() {
      for (const worker of workers) await worker.stop();
      await telemetry.close();
    },
  };
}

export type Work = ReturnType<typeof openWork>;
