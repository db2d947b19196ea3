import { type Config, isLoopbackHost } from '../config/index.ts';
import { createAuditLog } from '../operations/audit-log/index.ts';
import { type Clock, systemClock } from '../platform/clock/index.ts';
import type { Database } from '../platform/database/index.ts';
import { createEvents } from '../platform/events/index.ts';
import { createIds } from '../platform/ids/index.ts';
import { createJobs } from '../platform/jobs/index.ts';
import { createLog, type Log } from '../platform/log/index.ts';
import { createMailer } from '../platform/mailer/index.ts';
import { createRateLimit } from '../platform/rate-limit/index.ts';
import { createVault, readKeyFile } from '../platform/secrets/index.ts';
import { bootValues, createSystemConfig, liveRetention } from '../tenancy/system-config/index.ts';

/** What a test or an embedding program may put in the place of the machine's own. */
export interface Surroundings {
  clock?: Clock;
  log?: Log;
}

/** Where the master secret of a database without GATEHOUSE_SECRET is kept. */
export function keyFileOf(config: Config): string {
  const { url } = config.database;
  return /^postgres(ql)?:/.test(url) ? './gatehouse.key' : `${url.replace(/^(sqlite|file):(\/\/)?/, '')}.key`;
}

/** The vault on the master secret in use. Throws KeyFileProblem. */
export function openVault(config: Config) {
  const secret = config.secrets.current ?? readKeyFile(keyFileOf(config));
  return createVault(secret, config.secrets.previous);
}

/** The ground floor on a database that `initialise` has prepared. Throws KeyFileProblem. */
export function openGround(config: Config, database: Database, surroundings: Surroundings = {}) {
  const clock = surroundings.clock ?? systemClock;
  const log = surroundings.log ?? createLog(config.log);
  const newId = createIds(clock);
  const vault = openVault(config);
  const events = createEvents();
  const boot = bootValues(config);
  const onFailure = (error: unknown) => log.warn('config.refresh.failed', { error });
  const runtime = createSystemConfig({ database, boot, onFailure });
  events.listen(createAuditLog(Object.assign(liveRetention(runtime), { clock, newId })));
  const { store } = config.rateLimits;
  const shared = database.dialect === 'postgres' || config.server.workers > 1;
  const counting = store === 'auto' ? (shared ? ('database' as const) : ('memory' as const)) : store;
  const jobs = createJobs({
    database,
    clock,
    newId,
    vault,
    onFailure: ({ kind, attempts, final, error }) =>
      log[final ? 'error' : 'warn']('job.failed', { job_kind: kind, attempts, error }),
  });
  const { issuer } = config.server;
  const isLocal = isLoopbackHost(new URL(issuer).hostname);
  const mailer = createMailer({
    clock,
    newId,
    database,
    vault,
    transport: config.mail.transport,
    directory: config.mail.file,
    from: config.mail.from,
    isLocal,
  });
  const rateLimit = createRateLimit({ clock, store: counting, database });
  return { config, boot, runtime, issuer, database, clock, log, newId, vault, ...events, jobs, mailer, rateLimit };
}

export type Ground = ReturnType<typeof openGround>;
