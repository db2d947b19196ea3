import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { Ground } from '../house/ground.ts';
import {
  applyPlan,
  type InstallationDocument,
  type PlannedStep,
  planDocument,
  readDocument,
  readInstallation,
  writeDocument,
} from '../operations/installation-file/index.ts';
import type { Reader } from '../platform/database/index.ts';
import { CommandFailure } from './command-failure.ts';
import { administrationOf } from './manage-clients.ts';
import { print, type WorkOptions } from './work-on-database.ts';
import { workOnGround } from './work-on-ground.ts';

export interface FileOptions extends WorkOptions {
  from: string;
  prune?: boolean;
  yes?: boolean;
}

const DRIFTED = 2;
const STANDARD_INPUT = 0;

function readSource(path: string): string {
  try {
    return readFileSync(path === '-' ? STANDARD_INPUT : path, 'utf8');
  } catch (error) {
    throw new CommandFailure(`the file ${path} cannot be read`, { hint: '--from installation.yaml', cause: error });
  }
}

/** The document in a file. Throws CommandFailure with every mistake on a line of its own. */
function readFile(path: string): InstallationDocument {
  const read = readDocument(readSource(path));
  if ('document' in read) return read.document;
  const lines = read.problems.map(({ line, field, problem }) => `  line ${line}: ${field && `${field} `}${problem}`);
  throw new CommandFailure([`the file cannot be used; nothing was changed:`, ...lines].join('\n'), {
    hint: 'gatehouse config export',
  });
}

function describe(step: PlannedStep): string {
  if (step.kind === 'set') return `set\t${step.setting}\t${JSON.stringify(step.value)}`;
  if (step.kind === 'reset') return `reset\t${step.setting}`;
  if (step.kind === 'create') return `create\tclient ${step.entry.slug}`;
  if (step.kind === 'disable') return `disable\tclient ${step.slug}`;
  return `update\tclient ${step.entry.slug}\t${step.fields.join(', ')}`;
}

function show(steps: readonly PlannedStep[]): void {
  for (const step of steps) print(describe(step));
  if (steps.length === 0) print('nothing to do');
}

/** What a file asks of the installation as it is now. */
async function plan(ground: Ground, on: Reader, of: { document: InstallationDocument; prune: boolean }) {
  return planDocument(of.document, await readInstallation(on, ground.boot), of.prune);
}

/** Prints the file of this installation. */
export async function exportInstallation(options: WorkOptions): Promise<void> {
  await workOnGround(options, async ({ database, boot }) => {
    process.stdout.write(writeDocument(await readInstallation(database.read, boot)));
  });
}

/** Prints what `apply` would do. */
export async function planInstallation({ from, prune = false, ...options }: FileOptions): Promise<void> {
  const document = readFile(from);
  await workOnGround(options, async (ground) => {
    show(await plan(ground, ground.database.read, { document, prune }));
  });
}

async function confirm(count: number): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new CommandFailure('there is nobody to ask; nothing was changed', { hint: 'the same command with --yes' });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`Do ${count === 1 ? 'this' : `these ${count} things`}? [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Makes the installation what the file says, all of it or nothing. */
export async function applyInstallation({ from, prune = false, yes, ...options }: FileOptions): Promise<void> {
  const document = readFile(from);
  await workOnGround(options, async (ground) => {
    const steps = await plan(ground, ground.database.read, { document, prune });
    show(steps);
    if (steps.length === 0) return;
    if (!yes && !(await confirm(steps.length))) {
      print('nothing was changed');
      return;
    }
    // At the command line nobody is signed in: what administrators could still do is judged by what users could.
    const deps = { ...ground, ...administrationOf(ground), listAdministratorAccess: async () => [] };
    const added = await applyPlan(deps, steps, (tx) => plan(ground, tx, { document, prune }));
    if (added === null) {
      const message = 'the installation was changed by somebody else meanwhile; nothing was changed';
      throw new CommandFailure(message, { hint: 'gatehouse config plan' });
    }
    for (const { client, apiKey, clientSecret, jwtSecret } of added) {
      print(['key', client.slug, apiKey, clientSecret, ...(jwtSecret === null ? [] : [jwtSecret])].join('\t'));
    }
  });
}

/** Prints in what the installation differs from the file, in either direction; 0 or 2. */
export async function findDrift({ from, ...options }: FileOptions): Promise<number> {
  const document = readFile(from);
  let exitCode = 0;
  await workOnGround(options, async (ground) => {
    const steps = await plan(ground, ground.database.read, { document, prune: true });
    for (const step of steps) print(describe(step));
    exitCode = steps.length === 0 ? 0 : DRIFTED;
  });
  return exitCode;
}
