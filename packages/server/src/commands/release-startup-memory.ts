import { executionAsyncResource } from 'node:async_hooks';
import { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** After the first requests of whoever waited for the start, before anybody looks at the memory of an idle server. */
const AFTER_MS = 1_500;

/** Never read: to be reachable is all that is asked of it. */
const kept: object[] = [];

/**
 * Keeps one of each object that Node.js makes for a request under names computed at run time: a tick, a socket, a request, an answer. With them it keeps
 * their shapes; after a collection that finds none alive, V8 needs ten times as long to make each later one, for good (decision 9).
 */
function keepShapes(): void {
  process.nextTick(() => kept.push(executionAsyncResource()));
  // Not imported: as an ES module, node:http loads Node's own HTTP client too, 10 MB of it.
  const { IncomingMessage, ServerResponse } = process.getBuiltinModule('node:http');
  kept.push(new ServerResponse(new IncomingMessage(new Socket())));
}

/**
 * Loading the server leaves garbage that an idle process would keep for hours: nothing makes it collect. One collection soon after
 * the start gives a sixth of the resident memory back to the machine (decision 9).
 */
export function releaseStartupMemory(): void {
  keepShapes();
  setTimeout(() => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as (options: object) => void;
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }, AFTER_MS).unref();
}
