import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleServer } from './bundle-server.ts';
import { compile } from './compile.ts';
import { type Manifest, publishedManifest } from './manifest.ts';

/** The folders below packages/, in the order in which they are published: each needs only those before it. */
export const packageFolders = ['protocol', 'server', 'browser', 'node'] as const;

function entriesOf({ exports }: Manifest): string[] {
  return Object.values(exports).map((path) => String(path).replace('./src/', ''));
}

async function stage(root: string, folder: (typeof packageFolders)[number], into: string): Promise<void> {
  const from = join(root, 'packages', folder);
  const manifest = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as Manifest;
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, 'package.json'), `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`);
  const typesOnly = folder === 'server';
  compile({
    source: join(from, 'src'),
    entries: entriesOf(manifest),
    into: join(into, 'dist'),
    typesOnly,
    tsconfig: join(folder === 'browser' ? from : root, 'tsconfig.json'),
  });
  cpSync(join(root, 'LICENSE'), join(into, 'LICENSE'));
  cpSync(join(folder === 'server' ? root : from, 'README.md'), join(into, 'README.md'));
  if (folder !== 'server') return;
  await bundleServer(root, into);
  cpSync(join(root, 'CHANGELOG.md'), join(into, 'CHANGELOG.md'));
  for (const part of ['bin', 'assets']) cpSync(join(from, part), join(into, part), { recursive: true });
}

/** Builds every package as it is published, into a folder of its own below `into`; answers those folders in order. */
export async function stagePackages(root: string, into: string): Promise<string[]> {
  rmSync(into, { recursive: true, force: true });
  const staged = packageFolders.map((folder) => join(into, folder));
  for (const [i, folder] of packageFolders.entries()) await stage(root, folder, staged[i] as string);
  return staged;
}
