import cluster from 'node:cluster';

/** What the first process tells its workers. */
export const STOP = 'stop';

/**
 * Resolves with the name of the signal that asks this process to stop. A second one ends it at once, except in a worker: there a
 * terminal or a service manager signals the whole group, and the first process passes the same wish on once more.
 */
export function waitForStop(): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = (signal: string) => {
      if (asked && !cluster.isWorker) process.exit(1);
      asked = true;
      resolve(signal);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    if (cluster.isWorker) process.on('message', (message) => message === STOP && stop('SIGTERM'));
  });
}
