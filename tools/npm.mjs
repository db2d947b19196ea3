import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** How to run npm with the given Node: npm's own script where it can be found, else the plain command. */
export function npmCommand(node, environment = process.env) {
  const script = npmScript(environment);
  if (script) return [node, script];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

function npmScript(environment) {
  const own = environment.npm_execpath;
  if (own?.endsWith('npm-cli.js') && existsSync(own)) return own;
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    const link = join(folder, 'npm');
    if (!folder || !existsSync(link)) continue;
    const script = realpathSync(link);
    return script.endsWith('.js') ? script : undefined;
  }
  return undefined;
}
