import type { Command } from 'commander';
import type { SetExitCode } from './add-server-commands.ts';
import type { ExportOptions, PurgeOptions } from './manage-audit.ts';
import { onDatabase } from './on-database.ts';
import type { VerifyOptions } from './verify-audit.ts';
import type { WorkOptions } from './work-on-database.ts';

const load = () => import('./manage-audit.ts');
const collect = (value: string, before: string[] = []) => [...before, value];

function addVerify(audit: Command, setExitCode: SetExitCode): void {
  audit
    .command('verify')
    .description('verify the whole log of a database, or an export without any server; exits 1 when something is wrong')
    .argument('[file]', 'database')
    .option('--export <file>', 'verify this ndjson export instead; - reads it from the input')
    .option('--key <key>', 'public key kept elsewhere, or a file of them (may be repeated)', collect)
    .option('--checkpoint <file>', 'checkpoint kept elsewhere, or a folder of *.checkpoint (may be repeated)', collect)
    .option('--json', 'print the verdict as JSON')
    .action(
      onDatabase<VerifyOptions>(async (options) => {
        const { verifyAudit } = await import('./verify-audit.ts');
        setExitCode(await verifyAudit(options));
      }),
    );
}

/** `audit verify|export|keys|checkpoint|purge`. */
export function addAuditCommands(program: Command, setExitCode: SetExitCode): void {
  const audit = program.command('audit').description('the audit log: proofs, export, retention');
  addVerify(audit, setExitCode);
  audit
    .command('export')
    .description('write the log to the output, oldest first')
    .argument('[file]', 'database')
    .option('--format <format>', 'ndjson, which verifies offline, or csv', 'ndjson')
    .option('--client <id>', 'only events of this client')
    .option('--from <time>', 'only events from this time on (ISO 8601)')
    .option('--to <time>', 'only events before this time (ISO 8601)')
    .action(onDatabase<ExportOptions>(async (options) => (await load()).exportAudit(options)));
  audit
    .command('keys')
    .description('print the public keys that sign checkpoints, newest first; keep them outside')
    .argument('[file]', 'database')
    .action(onDatabase<WorkOptions>(async (options) => (await load()).printAuditKeys(options)));
  audit
    .command('checkpoint')
    .description('print the newest signed checkpoint; keep it outside')
    .argument('[file]', 'database')
    .action(onDatabase<WorkOptions>(async (options) => (await load()).printCheckpoint(options)));
  audit
    .command('purge')
    .description('count the events whose retention is over; with --yes remove them')
    .argument('[file]', 'database')
    .option('--yes', 'remove them, and leave signed tombstones')
    .action(onDatabase<PurgeOptions>(async (options) => (await load()).purgeAudit(options)));
}
