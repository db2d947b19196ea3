import cluster from 'node:cluster';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Config } from '../config/index.ts';
import { settingsThatLose } from '../platform/database/index.ts';
import { type House, openHouse } from '../server.ts';
import { version } from '../version.ts';
import { describeStart } from './describe-start.ts';
import { releaseStartupMemory } from './release-startup-memory.ts';
import { runWorkers } from './run-workers.ts';
import { waitForStop } from './wait-for-stop.ts';
import { readConfig, requireFolder, type WorkOptions } from './work-on-database.ts';

export interface StartOptions extends WorkOptions {
  host?: string;
  port?: string;
  issuer?: string;
  workers?: string;
}

function configOf(options: StartOptions): Config {
  const { host, port, issuer, workers } = options;
  return readConfig(options, {
    'server.host': host,
    'server.port': port,
    'server.issuer': issuer,
    'server.workers': workers,
  });
}

/** Port 0 is settled before anything else: the issuer, and all workers, must agree on it. */
async function settlePort(options: StartOptions): Promise<{ config: Config; port: number }> {
  const config = configOf(options);
  const { host, port } = config.server;
  if (port !== 0) return { config, port };
  const probe = createServer().listen(0, host);
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  const free = typeof address === 'object' && address ? address.port : port;
  return { config: configOf({ ...options, port: String(free) }), port: free };
}

/** Runs the server until it is told to stop; resolves with the exit code. Throws when it cannot start. */
export async function startServer(options: StartOptions): Promise<number> {
  const { config, port } = await settlePort(options);
  if (cluster.isPrimary) requireFolder(config);
  if (cluster.isPrimary && config.server.workers > 1) return runWorkers(config, port);
  try {
    return await serve(config);
  } finally {
    // The channel to the first process would keep a worker alive.
    cluster.worker?.disconnect();
  }
}

async function listen(config: Config): Promise<House> {
  const house = await openHouse(config);
  try {
    await house.http.listen(config.server);
    return house;
  } catch (error) {
    await house.close();
    throw error;
  }
}

/** A database that forgets in a crash what it said it had is for tests only. */
async function warnOfLoss({ ground: { database, log } }: House): Promise<void> {
  // A database that cannot be asked just now is no reason to stop: the doctor and /readyz tell of it.
  const off = await settingsThatLose(database).catch(() => []);
  if (off.length > 0) log.warn('database.not_durable', { reason: `${off.join(', ')} off` });
}

async function serve(config: Config): Promise<number> {
  const house = await listen(config);
  const { log, mailer } = house.ground;
  const { host, port, workers, shutdownDelaySeconds, shutdownGraceSeconds } = config.server;
  const stopping = waitForStop();
  // One of several workers speaks for all of them.
  if ((cluster.worker?.id ?? 1) === 1) process.stdout.write(describeStart(config, await mailer.usesMailbox()));
  const worker = cluster.worker ? { worker_id: cluster.worker.id, workers } : {};
  const { issuer } = config.server;
  log.info('server.listening', { host, port, issuer, version, pid: process.pid, ...worker });
  await warnOfLoss(house);
  house.startWork();
  releaseStartupMemory();
  const signal = await stopping;
  const startedAt = Date.now();
  log.info('server.shutdown.started', { signal, ...worker });
  await house.close({ delayMs: shutdownDelaySeconds * 1000, graceMs: shutdownGraceSeconds * 1000 });
  log.info('server.shutdown.completed', { duration_ms: Date.now() - startedAt, ...worker });
  return 0;
}
