import { expect, test } from 'vitest';
import { atVersion, publishedManifest } from './manifest.ts';

const manifest = {
  name: 'gatehouse',
  version: '0.1.0',
  exports: { '.': './src/index.ts', './express': './src/express.ts' },
  dependencies: { '@gatehouse/protocol': '0.1.0', pg: '8.0.0' },
  devDependencies: { vitest: '1.0.0' },
};

test('what is published is entered through what was built, types first', () => {
  const published = publishedManifest(manifest);
  expect(published).toMatchObject({
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './express': { types: './dist/express.d.ts', default: './dist/express.js' },
    },
  });
  // A compiler takes the first condition that fits.
  expect(JSON.stringify(published)).toContain('{"types":"./dist/index.d.ts","default"');
  expect(published).not.toHaveProperty('devDependencies');
});

test('packages of one release name each other by its version, and others as before', () => {
  const next = atVersion(manifest, '0.2.0', new Set(['@gatehouse/protocol']));
  expect(next.version).toBe('0.2.0');
  expect(next.dependencies).toEqual({ '@gatehouse/protocol': '0.2.0', pg: '8.0.0' });
});
