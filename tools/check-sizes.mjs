// The limits that keep every file, function and room small enough to see at once, and the names that say nothing.
// `node tools/check-sizes.mjs [folder]` prints one line per offence and exits 1 when there is any.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentOffences } from './sizes/environment.mjs';
import { functionOffences } from './sizes/functions.mjs';
import { nameOffences } from './sizes/names.mjs';
import { roomOffences } from './sizes/rooms.mjs';
import { fileOffences, readSources } from './sizes/sources.mjs';

const root = process.argv[2] ?? join(fileURLToPath(import.meta.url), '..', '..');
const sources = readSources(root);
const perFile = [nameOffences, fileOffences, functionOffences, environmentOffences];
const offences = [...sources.flatMap((source) => perFile.flatMap((rule) => rule(source))), ...roomOffences(sources)];

for (const offence of [...new Set(offences)]) process.stdout.write(`${offence}\n`);
process.exitCode = offences.length === 0 ? 0 : 1;
