import { executionAsyncResource } from 'node:async_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** After the first requests of whoever waited for the start, before anybody looks at the memory of an idle server. */
const AFTER_MS = 1_500;

/** Never read: to be reachable is all that is asked of it. */
const kept: object[] = [];

/**
 * Keeps one of the objects that Node.js queues ticks as. It writes their members under names computed at run time; when a collection finds none of
 * them alive, V8 forgets their shape, takes each later one for something new, and needs ten times as long for it, for good. That is a fifth of what
 * the key set costs.
 */
function keepShapeOfTicks(): void {
  process.nextTick(() => kept.push(executionAsyncResource()));
}

/**
 * Loading the server leaves garbage that an idle process would keep for hours: nothing makes it collect. One collection soon after
 * the start gives a third of the resident memory back to the machine. What it costs is decision 9.
 */
export function releaseStartupMemory(): void {
  keepShapeOfTicks();
  setTimeout(() => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as (options: object) => void;
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }, AFTER_MS).unref();
}
