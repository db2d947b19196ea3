import type { Command } from 'commander';
import { onDatabase } from './on-database.ts';
import type { WorkOptions } from './work-on-database.ts';

type OriginOptions = WorkOptions & { id: string; value: string };

const load = () => import('./manage-origins.ts');

/** `origin add|list|update|delete`. */
export function addOriginCommands(program: Command): void {
  const origin = program.command('origin').description('page origins that browsers may call this server from');
  origin
    .command('add')
    .description('allow an origin; prints its id')
    .argument('[file]', 'database')
    .requiredOption('--value <origin>', 'origin of a page, for example https://app.example.com')
    .action(onDatabase<OriginOptions>(async (options) => (await load()).addPageOrigin(options)));
  origin
    .command('list')
    .description('print id, origin and time of creation, separated by tabs')
    .argument('[file]', 'database')
    .action(onDatabase<OriginOptions>(async (options) => (await load()).listPageOrigins(options)));
  origin
    .command('update')
    .description('change an origin')
    .argument('[file]', 'database')
    .requiredOption('--id <id>', 'id as printed by the list')
    .requiredOption('--value <origin>', 'the new origin')
    .action(onDatabase<OriginOptions>(async (options) => (await load()).updatePageOrigin(options)));
  origin
    .command('delete')
    .description('allow an origin no longer')
    .argument('[file]', 'database')
    .requiredOption('--id <id>', 'id as printed by the list')
    .action(onDatabase<OriginOptions>(async (options) => (await load()).deletePageOrigin(options)));
}
