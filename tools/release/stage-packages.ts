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

type Folder = (typeof packageFolders)[number];

const readManifest = (root: string, folder: Folder) =>
  JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')) as Manifest;

function writeTypes(root: string, folder: Folder, into: string): void {
  const from = join(root, 'packages', folder);
  compile({
    source: join(from, 'src'),
    entries: entriesOf(readManifest(root, folder)),
    into: join(into, 'dist'),
    typesOnly: folder === 'server',
    tsconfig: join(folder === 'browser' ? from : root, 'tsconfig.json'),
  });
}

function writeManifest(root: string, folder: Folder, into: string): void {
  mkdirSync(into, { recursive: true });
  const manifest = publishedManifest(readManifest(root, folder));
  writeFileSync(join(into, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Builds what runs of the server, in a folder of its own: the package without its types. */
export async function stageServer(root: string, into: string): Promise<void> {
  rmSync(into, { recursive: true, force: true });
  writeManifest(root, 'server', into);
  await bundleServer(root, into);
  for (const part of ['bin', 'assets'])
    cpSync(join(root, 'packages/server', part), join(into, part), { recursive: true });
}

async function stage(root: string, folder: Folder, into: string): Promise<void> {
  if (folder === 'server') await stageServer(root, into);
  else writeManifest(root, folder, into);
  writeTypes(root, folder, into);
  cpSync(join(root, 'LICENSE'), join(into, 'LICENSE'));
  cpSync(join(folder === 'server' ? root : join(root, 'packages', folder), 'README.md'), join(into, 'README.md'));
  if (folder === 'server') cpSync(join(root, 'CHANGELOG.md'), join(into, 'CHANGELOG.md'));
}

/** Builds every package as it is published, into a folder of its own below `into`; answers those folders in order. */
export async function stagePackages(root: string, into: string): Promise<string[]> {
  rmSync(into, { recursive: true, force: true });
  const staged = packageFolders.map((folder) => join(into, folder));
  for (const [i, folder] of packageFolders.entries()) await stage(root, folder, staged[i] as string);
  return staged;
}
