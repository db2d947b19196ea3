import type { Command } from 'commander';
import type { SetExitCode } from './add-server-commands.ts';
import type { FileOptions } from './manage-installation.ts';
import { onDatabase } from './on-database.ts';
import type { WorkOptions } from './work-on-database.ts';

const load = () => import('./manage-installation.ts');

const FROM = ['--from <path>', 'the file; - reads it from standard input'] as const;
const PRUNE = ['--prune', 'give back settings, and disable clients, that the file does not name'] as const;

/** `config export|plan|apply|drift`. */
export function addConfigCommands(program: Command, setExitCode: SetExitCode): void {
  const config = program.command('config').description('configuration and clients of the installation as one file');
  config
    .command('export')
    .description('print the file: what administrators set, and every client, without keys and secrets')
    .argument('[file]', 'database')
    .action(onDatabase<WorkOptions>(async (options) => (await load()).exportInstallation(options)));
  config
    .command('plan')
    .description('say what apply would do, and do nothing')
    .argument('[file]', 'database')
    .requiredOption(...FROM)
    .option(...PRUNE)
    .action(onDatabase<FileOptions>(async (options) => (await load()).planInstallation(options)));
  config
    .command('apply')
    .description('make the installation what the file says, all of it or nothing; prints the keys of new clients once')
    .argument('[file]', 'database')
    .requiredOption(...FROM)
    .option(...PRUNE)
    .option('--yes', 'do not ask')
    .action(onDatabase<FileOptions>(async (options) => (await load()).applyInstallation(options)));
  config
    .command('drift')
    .description('exit with 2 when the installation is not what the file says')
    .argument('[file]', 'database')
    .requiredOption(...FROM)
    .action(
      onDatabase<FileOptions>(async (options) => {
        const { findDrift } = await load();
        setExitCode(await findDrift(options));
      }),
    );
}
