import type { Command } from 'commander';
import type { ClientOptions, NewClientOptions, RotateOptions } from './manage-clients.ts';
import { onDatabase } from './on-database.ts';

const load = () => import('./manage-clients.ts');

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** `clients create|list|show|disable|rotate`. */
export function addClientCommands(program: Command): void {
  const clients = program.command('clients').description('clients: isolated pools of users with keys of their own');
  addWritingCommands(clients);
  clients
    .command('list')
    .description('print id, slug, name, status and time of creation, separated by tabs')
    .argument('[file]', 'database')
    .option('--json', 'print JSON')
    .action(onDatabase<ClientOptions>(async (options) => (await load()).listClients(options)));
  clients
    .command('show')
    .description('print everything about a client but its keys')
    .argument('[file]', 'database')
    .requiredOption('--id <id>', 'id or slug')
    .option('--json', 'print JSON')
    .action(onDatabase<ClientOptions>(async (options) => (await load()).showClient(options)));
}

function addWritingCommands(clients: Command): void {
  clients
    .command('create')
    .description('add a client; prints its keys, which are shown this once')
    .argument('[file]', 'database')
    .requiredOption('--name <name>', 'how people call it')
    .option('--slug <slug>', 'lower case letters, digits and hyphens (default: made of the name)')
    .option('--origin <origin>', 'page origin that may call the API; may be given several times', collect)
    .option('--webhook-url <url>', 'where its events are to be sent')
    .option('--token-mode <mode>', 'v2_jwks or v1_hs256 (legacy)')
    .option('--settings <json>', 'its settings as a JSON object')
    .option('--json', 'print JSON')
    .action(onDatabase<NewClientOptions>(async (options) => (await load()).createClients(options)));
  clients
    .command('disable')
    .description('switch a client off, or on again; nothing of it is deleted')
    .argument('[file]', 'database')
    .requiredOption('--id <id>', 'id or slug')
    .option('--undo', 'switch it on again')
    .option('--json', 'print JSON')
    .action(onDatabase<ClientOptions & { undo?: boolean }>(async (options) => (await load()).disableClient(options)));
  clients
    .command('rotate')
    .description('make a new key; the old one works until the overlap ends')
    .argument('[file]', 'database')
    .requiredOption('--id <id>', 'id or slug')
    .requiredOption('--key <kind>', 'api-key, client-secret or signing-key')
    .option('--overlap <duration>', 'how long the old key still works, for example 1h (default: 24h)')
    .option('--immediate', 'end the old key at once; for a signing key every token it signed too')
    .option('--json', 'print JSON')
    .action(onDatabase<RotateOptions>(async (options) => (await load()).rotateClient(options)));
}
