import type { Command } from 'commander';
import { onDatabase } from './on-database.ts';
import type { WorkOptions } from './work-on-database.ts';

const load = () => import('./manage-keys.ts');

const rotate = onDatabase<WorkOptions>(async (options) => (await load()).rotateKeys(options));

/** `keys list|rotate`, and the older names of the rotation. */
export function addKeyCommands(program: Command): void {
  const keys = program.command('keys').description('keys that sign tokens');
  keys
    .command('list')
    .description('print kid, algorithm, slot, times of creation and retirement, separated by tabs')
    .argument('[file]', 'database')
    .action(onDatabase<WorkOptions>(async (options) => (await load()).listKeys(options)));
  const about = 'STANDBY becomes CURRENT and a new STANDBY is made; prints the kid of the new CURRENT';
  keys.command('rotate').description(about).argument('[file]', 'database').action(rotate);
  const older = program.command('rotate', { hidden: true }).description('older name of: keys');
  older.command('jwks').description(about).argument('[file]', 'database').action(rotate);
  program.command('rotate-jwks', { hidden: true }).description(about).argument('[file]', 'database').action(rotate);
}
