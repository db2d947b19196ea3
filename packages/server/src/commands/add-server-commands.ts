import type { Command } from 'commander';
import { onDatabase } from './on-database.ts';
import type { StartOptions } from './start-server.ts';
import type { WorkOptions } from './work-on-database.ts';

/** Takes the exit code of the command that ran. */
export type SetExitCode = (code: number) => void;

/** `init`, `start`, `migrate`, `backup` and `doctor`. */
export function addServerCommands(program: Command, setExitCode: SetExitCode): void {
  addDatabaseCommands(program);
  program
    .command('start')
    .description('start the server; makes what is missing')
    .argument('[file]', 'database')
    .option('--host <host>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <port>', 'port to listen on (default: 7777)')
    .option('--issuer <url>', 'public origin of this server (default: http://localhost:<port>)')
    .option('--workers <n>', 'processes that share the port (default: 1)')
    .action(
      onDatabase<StartOptions>(async (options) => {
        const { startServer } = await import('./start-server.ts');
        setExitCode(await startServer(options));
      }),
    );
  program
    .command('doctor')
    .description('check that everything a server needs is there, and say what is wrong')
    .argument('[file]', 'database')
    .option('--json', 'print the findings as JSON')
    .action(
      onDatabase<WorkOptions & { json?: boolean }>(async (options) => {
        const { runDoctor } = await import('./doctor/run-doctor.ts');
        setExitCode(await runDoctor(options));
      }),
    );
}

function addDatabaseCommands(program: Command): void {
  program
    .command('init')
    .alias('create')
    .description('make the database, its key file and two signing keys; harmless when they are there')
    .argument('[file]', 'database')
    .action(
      onDatabase<WorkOptions>(async (options) => {
        const { initialiseDatabase } = await import('./initialise-database.ts');
        await initialiseDatabase(options);
      }),
    );
  program
    .command('migrate')
    .description('bring the schema of the database up to date')
    .argument('[file]', 'database')
    .action(
      onDatabase<WorkOptions>(async (options) => {
        const { migrateDatabase } = await import('./migrate-database.ts');
        await migrateDatabase(options);
      }),
    );
  program
    .command('backup')
    .description('copy the database to a new file while it is in use')
    .argument('<to>', 'the new file')
    .argument('[file]', 'database')
    .action(async function (this: Command, to: string, file: string | undefined) {
      const { backUpDatabase } = await import('./back-up-database.ts');
      await backUpDatabase({ ...this.optsWithGlobals<WorkOptions>(), file, to });
    });
}
