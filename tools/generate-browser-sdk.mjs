import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const source = new URL('../packages/browser/src/', import.meta.url);
const assets = new URL('../packages/server/assets/', import.meta.url);

/** Bundles the browser SDK; resolves with the two files that the server serves, by name. */
export async function buildBrowserSdk() {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('script.ts', source))],
    bundle: true,
    format: 'iife',
    minify: true,
    target: 'es2022',
    legalComments: 'none',
    write: false,
    logLevel: 'silent',
    // The compiler's settings of this checkout must not change what is generated.
    tsconfigRaw: '{}',
  });
  return {
    'gatehouse.js': result.outputFiles[0].text,
    'gatehouse.d.ts': await readFile(new URL('gatehouse.d.ts', source), 'utf8'),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await mkdir(assets, { recursive: true });
  for (const [name, text] of Object.entries(await buildBrowserSdk())) await writeFile(new URL(name, assets), text);
}
