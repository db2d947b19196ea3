import { executionAsyncResource } from 'node:async_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** After the first requests of whoever waited for the start, before anybody looks at the memory of an idle server. */
const AFTER_MS = 1_500;

/** Never read: to be reachable is all that is asked of it. */
const kept: object[] = [];

/**
 * Keeps one of the objects that Node.js queues ticks as, and with it their shape: after a collection that finds none alive, V8 needs ten times as long
 * for each of them, for good (decision 9).
 */
function keepShapeOfTicks(): void {
  process.nextTick(() => kept.push(executionAsyncResource()));
}

/**
 * Loading the server leaves garbage that an idle process would keep for hours: nothing makes it collect. One collection soon after
 * the start gives a sixth of the resident memory back to the machine (decision 9).
 */
export function releaseStartupMemory(): void {
  keepShapeOfTicks();
  setTimeout(() => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as (options: object) => void;
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }, AFTER_MS).unref();
}
