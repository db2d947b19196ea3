import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** After the first requests of whoever waited for the start, before anybody looks at the memory of an idle server. */
const AFTER_MS = 1_500;

/**
 * Loading the server leaves garbage that an idle process would keep for hours: nothing makes it collect. One collection soon after
 * the start gives a third of the resident memory back to the machine. What it costs is decision 9.
 */
export function releaseStartupMemory(): void {
  setTimeout(() => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as (options: object) => void;
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }, AFTER_MS).unref();
}
