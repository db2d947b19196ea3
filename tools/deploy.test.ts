import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { settings } from '../packages/server/src/config/settings.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const settingNames = new Set<string>(settings.flatMap(({ env }): string[] => [...env]));
/** Variables of the programs around the server. */
const foreign = new Set(['NODE_ENV', 'AUTH_DOMAIN', 'UPSTREAMS', 'POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_PASSWORD']);
const isKnown = (name: string) => settingNames.has(name) || foreign.has(name);

interface Service {
  build?: { context: string; dockerfile: string };
  environment?: Record<string, string>;
  depends_on?: Record<string, unknown>;
  networks?: string[];
  volumes?: string[];
}

interface Compose {
  services: Record<string, Service>;
  networks: Record<string, unknown>;
  volumes: Record<string, unknown>;
}

const composeFiles = ['deploy/compose.sqlite.yaml', 'deploy/compose.postgres.yaml'];
const readCompose = (path: string) => parse(read(path), { merge: true }) as Compose;

function dockerLines(): string[] {
  return read('deploy/Dockerfile').replaceAll('\\\n', ' ').split('\n');
}

test('everything that the Dockerfile copies exists', () => {
  const copies = dockerLines().filter((line) => line.startsWith('COPY ') && !line.includes('--from='));
  const sources = copies.flatMap((line) => line.split(/\s+/).slice(1, -1));
  expect(sources.length).toBeGreaterThan(5);
  expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([]);
});

test('every package of the lockfile’s workspaces is known when the image installs', () => {
  const manifests =
    dockerLines()
      .join('\n')
      .match(/packages\/\w+\/package\.json/g) ?? [];
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, unknown> };
  const workspaces = Object.keys(lock.packages).filter((path) => /^packages\/\w+$/.test(path));
  expect(manifests.sort()).toEqual(workspaces.map((path) => `${path}/package.json`).sort());
});

test('the image runs as nobody special, starts an existing program and asks /readyz for its health', () => {
  const lines = dockerLines();
  const [, program = ''] = /ENTRYPOINT \["node", "(.+)"\]/.exec(lines.join('\n')) ?? [];
  expect(existsSync(join(root, program))).toBe(true);
  expect(lines.findLast((line) => line.startsWith('USER '))).toBe('USER node');
  expect(lines.find((line) => line.startsWith('HEALTHCHECK'))).toContain('/readyz');
});

test('the image and the unit set variables that exist', () => {
  const image = dockerLines().find((line) => line.startsWith('ENV ')) ?? '';
  const unit = /^Environment=(.+)$/m.exec(read('deploy/gatehouse.service'))?.[1] ?? '';
  const names = [...`${image} ${unit}`.matchAll(/\b([A-Z_]+)=/g)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !isKnown(name))).toEqual([]);
});

test.each(composeFiles)('%s names services, networks, volumes and files that exist', (path) => {
  const { services, networks, volumes } = readCompose(path);
  for (const service of Object.values(services)) {
    const { build } = service;
    if (build) expect(existsSync(join(root, dirname(path), build.context, build.dockerfile))).toBe(true);
    for (const name of Object.keys(service.depends_on ?? {})) expect(Object.keys(services)).toContain(name);
    for (const name of service.networks ?? []) expect(Object.keys(networks)).toContain(name);
    for (const [source = ''] of (service.volumes ?? []).map((volume) => volume.split(':'))) {
      if (source.startsWith('.')) expect(existsSync(join(root, dirname(path), source))).toBe(true);
      else expect(Object.keys(volumes)).toContain(source);
    }
  }
});

test.each(composeFiles)('%s sets variables that exist, and takes from .env only what its example lists', (path) => {
  const { services } = readCompose(path);
  const names = Object.values(services).flatMap(({ environment }) => Object.keys(environment ?? {}));
  expect(names.filter((name) => !isKnown(name))).toEqual([]);
  const listed = [...read('deploy/.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
  const wanted = [...read(path).matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name);
  expect(wanted.filter((name) => !listed.includes(name))).toEqual([]);
});
