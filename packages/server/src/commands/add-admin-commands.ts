import type { Command } from 'commander';
import type { AdminOptions } from './manage-admins.ts';
import { onDatabase } from './on-database.ts';
import type { WorkOptions } from './work-on-database.ts';

const load = () => import('./manage-admins.ts');

const ABOUT_LINKS = `
The link works once, for seven days. Whoever opens it chooses a password and sets up an authenticator app; there is no
default password. Pass it on the way you would pass on a key.`;

/** `admin create|list|reset`. */
export function addAdminCommands(program: Command): void {
  const admin = program.command('admin').description('people who administer this installation');
  admin
    .command('create')
    .description('invite somebody; prints a link for them')
    .argument('[file]', 'database')
    .requiredOption('--email <address>', 'their address')
    .option('--role <roles>', 'roles, separated by commas', 'owner')
    .option('--client <id>', 'only this client instead of the whole installation')
    .addHelpText('after', ABOUT_LINKS)
    .action(onDatabase<AdminOptions>(async (options) => (await load()).createAdmin(options)));
  admin
    .command('list')
    .description('print id, email, roles, scope, status and time of invitation, separated by tabs')
    .argument('[file]', 'database')
    .action(onDatabase<WorkOptions>(async (options) => (await load()).listAdmins(options)));
  admin
    .command('reset')
    .description('take password and factors from somebody who lost them; prints a new link')
    .argument('[file]', 'database')
    .requiredOption('--email <address>', 'their address')
    .addHelpText('after', ABOUT_LINKS)
    .action(onDatabase<WorkOptions & { email: string }>(async (options) => (await load()).resetAdmin(options)));
}
