import type { Command } from 'commander';
import type { WorkOptions } from './work-on-database.ts';

const load = () => import('./manage-keys.ts');

async function rotate(file: string | undefined, _own: unknown, command: Command): Promise<void> {
  await (await load()).rotateKeys({ ...command.optsWithGlobals<WorkOptions>(), file });
}

/** `keys list|rotate`, and the older names of the rotation. */
export function addKeyCommands(program: Command): void {
  const keys = program.command('keys').description('keys that sign tokens');
  keys
    .command('list')
    .description('print kid, algorithm, slot, times of creation and retirement, separated by tabs')
    .argument('[file]', 'database')
    .action(async (file: string | undefined, _own: unknown, command: Command) => {
      await (await load()).listKeys({ ...command.optsWithGlobals<WorkOptions>(), file });
    });
  const about = 'STANDBY becomes CURRENT and a new STANDBY is made; prints the kid of the new CURRENT';
  keys.command('rotate').description(about).argument('[file]', 'database').action(rotate);
  const older = program.command('rotate', { hidden: true }).description('older name of: keys');
  older.command('jwks').description(about).argument('[file]', 'database').action(rotate);
  program.command('rotate-jwks', { hidden: true }).description(about).argument('[file]', 'database').action(rotate);
}
