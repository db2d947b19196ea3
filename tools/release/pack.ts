import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { npmCommand } from '../npm.mjs';

/** A package as a file that npm installs. */
export interface Packed {
  name: string;
  /** The path of the .tgz. */
  file: string;
  /** Everything inside, by its path. */
  contents: readonly string[];
}

/** Runs npm with the Node that runs this; answers what it printed. Throws with what it complained about. */
export function npm(words: readonly string[], cwd: string): string {
  const [command = 'npm', ...args] = npmCommand(process.execPath);
  return execFileSync(command, [...args, ...words], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Packs a staged package as `npm publish` would. */
export function pack(folder: string): Packed {
  const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts'], folder)) as [
    { name: string; filename: string; files: { path: string }[] },
  ];
  const { name, filename, files } = packed;
  return { name, file: join(folder, filename), contents: files.map((file) => file.path) };
}
