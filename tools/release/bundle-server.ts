import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Manifest } from './manifest.ts';

/** Small libraries of many files that every start needs: inside the bundle they cost a tenth of the memory (docs/decisions/0007). */
const BUNDLED = ['@gatehouse/protocol', 'typebox', 'kysely'];

function noticesOf(root: string, inputs: readonly string[]): string {
  const packages = new Set(inputs.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
  return [...packages]
    .sort()
    .map((folder) => noticeOf(join(root, folder)))
    .join('\n');
}

function noticeOf(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const file = ['LICENSE', 'license', 'LICENSE.md'].map((one) => join(folder, one)).find(existsSync);
  if (!file) throw new Error(`${name} is bundled and brings no licence.`);
  return `${name} ${version}\n\n${readFileSync(file, 'utf8').trim()}\n`;
}

/** Bundles the command and the library into `into`/dist, readable, and writes down whose code is inside. */
export async function bundleServer(root: string, into: string): Promise<void> {
  const source = join(root, 'packages/server');
  const { dependencies = {} } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Manifest;
  const outside = Object.keys(dependencies).filter((name) => !BUNDLED.includes(name));
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join(source, 'src/main.ts'), join(source, 'src/index.ts')],
    outdir: join(into, 'dist'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: outside.flatMap((name) => [name, `${name}/*`]),
    metafile: true,
    logLevel: 'warning',
    // The compiler's settings of this checkout must not change what is published.
    tsconfigRaw: '{}',
  });
  writeFileSync(join(into, 'THIRD-PARTY-LICENSES'), noticesOf(root, Object.keys(metafile.inputs)));
}
