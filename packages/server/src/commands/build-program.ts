import { Command } from 'commander';
import { version } from '../version.ts';
import { addAdminCommands } from './add-admin-commands.ts';
import { addAuditCommands } from './add-audit-commands.ts';
import { addClientCommands } from './add-client-commands.ts';
import { addConfigCommands } from './add-config-commands.ts';
import { addKeyCommands } from './add-key-commands.ts';
import { addOriginCommands } from './add-origin-commands.ts';
import { addServerCommands, type SetExitCode } from './add-server-commands.ts';
import { addSmtpCommands } from './add-smtp-commands.ts';
import { withoutSecrets } from './describe-failure.ts';

const AFTERWARDS = `
[file] is the database: a path (./gatehouse.sqlite unless given) or a postgres:// URL. DATABASE_URL may name it too.
Every setting has an environment variable; see docs/configuration.md.`;

/** The words that `gatehouse` understands. Nothing but the words is loaded before a command is chosen. */
export function buildProgram(setExitCode: SetExitCode): Command {
  const program = new Command('gatehouse')
    .description('An authentication server that starts as one process on one file.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--verbose', 'when something fails, print its cause and stack too')
    .option('--config <file>', 'YAML file with settings (./gatehouse.yaml when it exists)')
    .addHelpText('after', AFTERWARDS)
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(withoutSecrets(text).replace(/^error: /, 'Error: ')) })
    .showHelpAfterError('See: gatehouse --help')
    .exitOverride();
  addServerCommands(program, setExitCode);
  addClientCommands(program);
  addConfigCommands(program, setExitCode);
  addOriginCommands(program);
  addSmtpCommands(program);
  addKeyCommands(program);
  addAdminCommands(program);
  addAuditCommands(program, setExitCode);
  return program;
}
