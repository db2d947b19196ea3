/** A package.json, as far as a release looks at it. */
export interface Manifest {
  name: string;
  version: string;
  /** Each path of the package, and the source it stands for. */
  exports: Record<string, string>;
  bin?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  [field: string]: unknown;
}

const FILES = ['dist', 'bin', 'assets', 'CHANGELOG.md', 'THIRD-PARTY-LICENSES'];

/** The manifest that is published: in the repository a package is entered through its sources, elsewhere through what was built of them. */
export function publishedManifest({ devDependencies: _, ...manifest }: Manifest): object {
  const exports = Object.entries(manifest.exports).map(([path, source]) => {
    const built = source.replace(/^\.\/src\//, './dist/');
    return [path, { types: built.replace(/\.ts$/, '.d.ts'), default: built.replace(/\.ts$/, '.js') }];
  });
  return {
    ...manifest,
    exports: Object.fromEntries(exports),
    files: FILES,
    publishConfig: { access: 'public', provenance: true },
  };
}

/** The manifest of another version; packages of this repository name each other by exactly that version. */
export function atVersion(manifest: Manifest, version: string, ours: ReadonlySet<string>): Manifest {
  const { dependencies } = manifest;
  const pinned = Object.entries(dependencies ?? {}).map(([name, range]) => [name, ours.has(name) ? version : range]);
  return { ...manifest, version, ...(dependencies && { dependencies: Object.fromEntries(pinned) }) };
}
