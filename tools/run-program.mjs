import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';

const exitCodeOfSignal = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** Runs a script with the given Node on this terminal, passes signals on to it, and answers its exit code. */
export function runProgram(node, args, cwd) {
  const child = spawn(node, args, { cwd, stdio: 'inherit', env: withNodeFirst(node) });
  for (const signal of Object.keys(exitCodeOfSignal)) process.on(signal, () => passOn(child, signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? exitCodeOfSignal[signal] ?? 1));
  });
}

/** This process's environment in which `node` is the given one. */
export function withNodeFirst(node) {
  return { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
}

function passOn(child, signal) {
  // A terminal has sent Ctrl-C to the child already; a second one would ask it to give up its orderly stop.
  if (signal === 'SIGINT' && process.stdin.isTTY) return;
  child.kill(signal);
}
