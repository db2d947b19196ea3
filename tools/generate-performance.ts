// Writes docs/performance.md and docs/performance.svg from the figures of the last whole `npm run bench`.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BenchRun, readResults } from '../bench/kit/results.ts';
import { changedSettings } from '../bench/kit/settings.ts';
import { machineLine } from './machine.ts';
import { drawPerformance } from './performance-plot.ts';

const MOST_START_MS = 1_000;
const MOST_IDLE_MEGABYTES = 100;
const FLAT = 1.3;
/** Operations whose rows are as many as there are sessions. */
const FLAT_OPERATIONS = ['refresh', '/me'];

const names: Record<string, string> = { sqlite: 'SQLite', postgres: 'Postgres' };
const nameOf = (database: string) => names[database] ?? database;
const number = (value: number) => Math.round(value).toLocaleString('en-US');
const percent = (share: number) => `${Math.round(share * 100)} %`;
const fine = (value: number) => value.toFixed(value < 10 ? 2 : 1);

const table = (headings: readonly string[], rows: readonly (readonly string[])[]) =>
  [headings, headings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

interface Target {
  what: string;
  target: string;
  measured: string;
  met: boolean;
}

function targetsOf({ operations, growth, start }: BenchRun): Target[] {
  const speed = operations.flatMap(({ name, database, target, ofLimit }) => {
    if (target === undefined) return [];
    const what = `${name} on ${nameOf(database)}, of its limit`;
    return [{ what, target: `≥ ${percent(target)}`, measured: percent(ofLimit), met: ofLimit >= target }];
  });
  const rest = start.flatMap(({ database, startMs, idleMegabytes }) => [
    {
      what: `start to the first answer on ${nameOf(database)}`,
      target: `≤ ${number(MOST_START_MS)} ms`,
      measured: `${number(startMs)} ms`,
      met: startMs <= MOST_START_MS,
    },
    {
      what: `memory of an idle server on ${nameOf(database)}`,
      target: `≤ ${MOST_IDLE_MEGABYTES} MB`,
      measured: `${number(idleMegabytes)} MB`,
      met: idleMegabytes <= MOST_IDLE_MEGABYTES,
    },
  ]);
  const flat = growth.flatMap(({ name, database, points, ratio }) => {
    if (!FLAT_OPERATIONS.includes(name)) return [];
    const [from, to] = [points[0], points.at(-1)].map((point) => number(point?.users ?? 0));
    const what = `${name} on ${nameOf(database)}: time with ${to} sessions, in terms of ${from}`;
    return [{ what, target: `≤ ${FLAT}`, measured: ratio.toFixed(2), met: ratio <= FLAT }];
  });
  return [...speed, ...rest, ...flat];
}

function describeTargets(run: BenchRun): string {
  const rows = targetsOf(run).map(({ what, target, measured, met }) => [
    what,
    target,
    measured,
    met ? 'met' : '**missed**',
  ]);
  const why =
    'What stands between refresh and its target is [decision 8](decisions/0008-what-a-refresh-can-reach.md); how the key set and the memory ' +
    'of an idle server go together, [decision 9](decisions/0009-an-idle-server-gives-memory-back.md).';
  return `## Targets\n\n${table(['what', 'target', 'measured', ''], rows)}\n\n${why}`;
}

function describeOperations({ operations, connections }: BenchRun): string {
  const rows = operations.map((one) => [
    `${one.name}, ${nameOf(one.database)}`,
    number(one.perSecond),
    fine(one.p50Ms),
    fine(one.p99Ms),
    number(one.processorMicroseconds),
    number(one.residentMegabytes),
    number(one.limitPerSecond),
    percent(one.ofLimit),
    `\`${one.formula}\``,
  ]);
  const headings = [
    'operation',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'CPU µs',
    'memory MB',
    'limit/s',
    'of the limit',
    'limit',
  ];
  return `## Operations

${connections} connections, each with one request under way at any time, and a server started anew for each operation. *CPU* is that of the server process
for one operation, with what it does for it later (mails, sealing the audit log), as the operating system counts it; *memory* is what is resident
after the load.

${table(headings, rows)}

**The limit** is what the same core of the same machine does in the same minutes with nothing around it, in turns with the server: \`http\` is a bare
\`node:http\` server that is sent the same requests and answers the same bodies; \`signature\` and \`verification\` are \`crypto.sign\` and
\`crypto.verify\` with ES256; \`password-hash\` is one argon2id; \`write\` is one update and one insert, durably committed, on SQLite together with those of
all other requests under way; \`read\` is one row by its key. An operation that needs several of them cannot be faster than their times added up:
that is the formula in the last column. What Postgres does itself is done on another core and not counted as CPU of the server.`;
}

function describeLimits({ limits }: BenchRun): string {
  if (limits.length === 0) return '';
  const rows = limits.map(({ name, perSecond }) => [name, number(perSecond)]);
  return `## What the machine does

With nothing around it, on the core of the server, times a second.

${table(['what', 'a second'], rows)}`;
}

function describeGrowth({ growth }: BenchRun): string {
  if (growth.length === 0) return '';
  const points = growth[0]?.points ?? [];
  const sizes = points.map(({ users, clients }) => `${number(users)} users and sessions, ${number(clients)} clients`);
  const rows = growth.map(({ name, database, points: all, ratio }) => [
    `${name}, ${nameOf(database)}`,
    ...all.map(({ p50Ms }) => fine(p50Ms)),
    ratio.toFixed(2),
  ]);
  return `## Growth

Installations of several sizes, each with a server of its own, are asked in turns; for each operation four servers, one after another, because two
processes of the same program differ by a tenth or two for as long as they live. Milliseconds to an answer (the median), and how many times longer
the largest takes than the smallest.

${table(['operation', ...sizes, 'ratio'], rows)}`;
}

function describeStart({ start }: BenchRun): string {
  const rows = start.map(({ database, startMs, idleMegabytes, bareNodeMegabytes }) => {
    return [nameOf(database), ...[startMs, idleMegabytes, bareNodeMegabytes].map(number)];
  });
  const headings = ['database', 'to the first answer, ms', 'idle memory, MB', 'Node.js without a program, MB'];
  return `## Start and memory\n\n${table(headings, rows)}`;
}

function describeAudit({ audit }: BenchRun): string {
  if (audit.length === 0) return '';
  const rows = audit.map(({ name, perSecond, processorMicroseconds, ofLimit }) => {
    return [name, number(perSecond), fine(processorMicroseconds), percent(ofLimit)];
  });
  return `## The audit log

Events a second through each stage, on SQLite. The limit is to read every line of the export and hash it.

${table(['stage', 'events/s', 'CPU µs for an event', 'of the limit'], rows)}`;
}

function introduction({ date, machine, pinned }: BenchRun): string {
  const cores = pinned
    ? 'The server had one core, the load generator (and Postgres) another.'
    : 'Server and load generator shared the cores.';
  const changed = Object.entries(changedSettings).map(([name, value]) => `\`${name}=${value}\``);
  return `# Performance

What Gatehouse reaches of what the machine itself can do. \`npm run bench\` measures all of it again and rewrites the figures; \`npm run bench -- refresh
sqlite\` measures a part, and \`npm run bench -- --check\` fails when an operation costs a quarter more CPU than the figures here say.

<!-- Generated from bench/results/performance.json by \`npm run generate\`. -->

Measured on ${date}, on ${machineLine(machine)}. ${cores} Nothing was switched off: full durability (\`synchronous=FULL\`; \`synchronous_commit=on\` and
\`fsync=on\`), every event in the audit log. Settings that differ from their defaults: ${changed.join(', ')}; of Postgres,
\`shared_buffers\`, a quarter of the memory.

![Bars: the share of its limit that each operation reaches, and how its time grows](performance.svg)`;
}

/** Renders docs/performance.md. */
export function describePerformance(run: BenchRun): string {
  const sections = [
    introduction,
    describeTargets,
    describeOperations,
    describeLimits,
    describeGrowth,
    describeStart,
    describeAudit,
  ];
  return `${sections
    .map((section) => section(run))
    .filter(Boolean)
    .join('\n\n')}\n`;
}

/** Writes docs/performance.md and its plot. */
export function writePerformance(): void {
  const run = readResults();
  writeFileSync(new URL('../docs/performance.md', import.meta.url), describePerformance(run));
  writeFileSync(new URL('../docs/performance.svg', import.meta.url), drawPerformance(run));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writePerformance();
