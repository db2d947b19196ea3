import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { databaseKinds } from '../kit/databases.ts';
import { createWorkplace, type Workplace } from '../kit/gatehouse-command.ts';

let work: Workplace;

describe.each(databaseKinds())('on $name', (kind) => {
  let first: { url: string; forget(): void };
  let second: { url: string; forget(): void };
  const config = (verb: string, url: string, ...words: string[]) => work.run(['config', verb, url, ...words]);
  const from = (text: string) => {
    writeFileSync(join(work.folder, 'installation.yaml'), text);
    return ['--from', 'installation.yaml'];
  };
  const good = async (outcome: ReturnType<Workplace['run']>) => {
    const { exitCode, stdout, stderr } = await outcome;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return stdout;
  };

  beforeEach(async () => {
    work = createWorkplace();
    [first, second] = [await kind.create(), await kind.create()];
    await good(work.run(['init', first.url]));
  });
  afterEach(async () => {
    await work.clean();
    first.forget();
    second.forget();
  });

  test('export, apply and export again give the same bytes, here and on an installation that was empty', async () => {
    await good(work.run(['init', second.url]));
    const settings = '{"webauthn_rp_id":"shop.example","auth_ui":{"primary_color":"#123456","brand_name":"Shop"}}';
    const words = ['--name', 'Shop: "a"', '--origin', 'https://b.example', '--origin', 'https://a.example'];
    await good(work.run(['clients', 'create', first.url, ...words, '--settings', settings]));
    await good(work.run(['clients', 'create', first.url, '--name', 'Archive']));
    await good(work.run(['clients', 'disable', first.url, '--id', 'archive']));
    await good(config('apply', first.url, ...from('version: 1\nconfig: {brand: {name: Shop}}\n'), '--yes'));
    const text = await good(config('export', first.url));
    expect(text).not.toMatch(/gh_[ps]k_|secret|hash/);
    expect(await good(config('apply', first.url, ...from(text), '--yes'))).toBe('nothing to do\n');
    expect(await good(config('export', first.url))).toBe(text);
    expect((await config('drift', second.url, ...from(text))).exitCode).toBe(2);
    expect(await good(config('apply', second.url, ...from(text), '--yes'))).toMatch(
      /\nkey\tarchive\tgh_pk_\S+\tgh_sk_/,
    );
    expect(await good(config('export', second.url))).toBe(text);
    expect(await config('drift', second.url, ...from(text))).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  test('a plan changes nothing, and apply without --yes changes nothing where nobody can be asked', async () => {
    const before = await good(config('export', first.url));
    const words = from('version: 1\nclients: [{slug: new, name: New}]\nconfig: {brand: {name: B}}\n');
    expect(await good(config('plan', first.url, ...words))).toBe('set\tbrand.name\t"B"\ncreate\tclient new\n');
    const refused = await config('apply', first.url, ...words);
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('nobody to ask')]);
    expect(await good(config('export', first.url))).toBe(before);
  });

  test('prune disables what the file does not name and gives settings back; without it they are left alone', async () => {
    await good(work.run(['clients', 'create', first.url, '--name', 'Old']));
    await good(config('apply', first.url, ...from('version: 1\nconfig: {brand: {name: B}}\n'), '--yes'));
    const words = from('version: 1\nclients: []\nconfig: {}\n');
    expect(await good(config('apply', first.url, ...words, '--yes'))).toBe('nothing to do\n');
    const done = await good(config('apply', first.url, ...words, '--prune', '--yes'));
    expect(done).toBe('reset\tbrand.name\ndisable\tclient old\n');
    expect(await good(work.run(['clients', 'list', first.url]))).toMatch(/\told\tOld\tdisabled\t/);
  });

  test.each([
    [
      'a field nobody knows',
      'version: 1\nclients:\n  - slug: a\n    name: A\n    color: x\n',
      /line 5: clients.0.color is not known/,
    ],
    ['no YAML', 'version: [\n', /line \d: is not valid YAML/],
    [
      'a wrong origin',
      'version: 1\nclients: [{slug: a, name: A}, {slug: b, name: B, allowed_origins: ["x"]}]\n',
      /allowed_origins.0/,
    ],
    [
      'a slug that is taken',
      'version: 1\nclients: [{slug: a, name: A}, {id: 01234567-89ab-7000-8000-0123456789ab, slug: default, name: B}]\n',
      /slug/,
    ],
    [
      'the default client off',
      'version: 1\nclients: [{slug: a, name: A}, {slug: default, name: D, status: disabled}]\n',
      /default client cannot/,
    ],
    [
      'everybody locked out',
      'version: 1\nclients: [{slug: a, name: A}]\nconfig: {sign_in: {login_methods: []}}\n',
      /lock people out/,
    ],
  ])('a file with %s leaves the database untouched', async (_title, text, message) => {
    const before = await good(config('export', first.url));
    const { exitCode, stderr } = await config('apply', first.url, ...from(text), '--yes');
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(await good(config('export', first.url))).toBe(before);
  });

  test('a file that is not there is said so', async () => {
    const { exitCode, stderr } = await config('plan', first.url, '--from', 'nowhere.yaml');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('nowhere.yaml cannot be read')]);
    expect(readFileSync(join(work.folder, 'installation.yaml'), { encoding: 'utf8', flag: 'a+' })).toBe('');
  });
});

// R483
test('a change is in force on every worker within five seconds', async () => {
  work = createWorkplace();
  try {
    const key = 'a key that breaks the glass, in tests';
    const server = await work.start(['--workers', '2'], { ADMIN_API_KEY: key });
    const startedAt = Date.now();
    const headers = { 'x-admin-key': key, 'content-type': 'application/json', connection: 'close' };
    const body = JSON.stringify({ brand: { name: 'Everywhere' } });
    const answer = await fetch(`${server.url}/api/admin/config`, { method: 'PATCH', headers, body });
    expect(answer.status).toBe(200);
    const shown = async () => {
      const pages = Array.from({ length: 20 }, () =>
        fetch(`${server.url}/login`, { headers: { connection: 'close' } }),
      );
      const texts = await Promise.all((await Promise.all(pages)).map((page) => page.text()));
      return texts.every((text) => text.includes('Everywhere'));
    };
    await expect.poll(shown, { timeout: 5_000 - (Date.now() - startedAt), interval: 200 }).toBe(true);
  } finally {
    await work.clean();
  }
});
