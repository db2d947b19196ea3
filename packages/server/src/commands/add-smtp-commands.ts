import type { Command } from 'commander';
import { onDatabase } from './on-database.ts';
import type { SmtpOptions } from './read-smtp-options.ts';
import type { WorkOptions } from './work-on-database.ts';

type Options = WorkOptions & SmtpOptions & { id: string };

const load = () => import('./manage-smtp.ts');

const ABOUT_PASSWORDS = `
A password on the command line can be seen by every user of this machine in the list of processes, and stays in the history
of the shell. Use --password-file, or the environment variable SMTP_PASSWORD.`;

/** `smtp add|list|update|delete|test`. */
export function addSmtpCommands(program: Command): void {
  const smtp = program.command('smtp').description('SMTP servers that mail leaves by');
  addWritingCommands(smtp);
  smtp
    .command('list')
    .description('print id, host, port, username, from_email, from_name, secure, active and weight, separated by tabs')
    .argument('[file]', 'database')
    .action(onDatabase<Options>(async (options) => (await load()).listSmtp(options)));
  smtp
    .command('delete')
    .description('forget a server')
    .argument('[file]', 'database')
    .requiredOption('--id <id>', 'id as printed by the list')
    .action(onDatabase<Options>(async (options) => (await load()).deleteSmtp(options)));
  smtp
    .command('test')
    .description('connect and sign in to a server, or to all of them, without sending a mail')
    .argument('[file]', 'database')
    .option('--id <id>', 'id as printed by the list')
    .action(onDatabase<WorkOptions & { id?: string }>(async (options) => (await load()).testSmtp(options)));
}

function addWritingCommands(smtp: Command): void {
  withServerOptions(smtp.command('add').description('add a server; prints its id').argument('[file]', 'database'))
    .option('--secure [true|false]', 'TLS from the first byte instead of STARTTLS (default: true for port 465)')
    .action(onDatabase<Options>(async (options) => (await load()).addSmtp(options)));
  withServerOptions(smtp.command('update').description('change a server').argument('[file]', 'database'))
    .requiredOption('--id <id>', 'id as printed by the list')
    .option('--secure <true|false>', 'TLS from the first byte instead of STARTTLS')
    .option('--active <true|false>', 'whether mails may leave by it')
    .action(onDatabase<Options>(async (options) => (await load()).updateSmtp(options)));
}

function withServerOptions(command: Command): Command {
  return command
    .option('--host <host>', 'name or address of the server')
    .option('--port <port>', 'its port, for example 587')
    .option('--username <name>', 'user name, where it asks for one')
    .option('--password <password>', 'password; visible in the list of processes, see below')
    .option('--password-file <path>', 'file that holds the password')
    .option('--from-email <address>', 'sender of the mails')
    .option('--from-name <name>', 'name of the sender')
    .option('--weight <n>', 'its share of the mails among several servers (default: 1)')
    .addHelpText('after', ABOUT_PASSWORDS);
}
