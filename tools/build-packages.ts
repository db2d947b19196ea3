// `npm run build`: every package as it is published, below .cache/packages.
import { fileURLToPath } from 'node:url';
import { stagePackages } from './release/stage-packages.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const staged = await stagePackages(root, fileURLToPath(new URL('../.cache/packages', import.meta.url)));
process.stdout.write(`${staged.join('\n')}\n`);
