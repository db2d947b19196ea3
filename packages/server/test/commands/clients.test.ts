import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { databaseKinds } from '../kit/databases.ts';
import { createWorkplace, type Workplace } from '../kit/gatehouse-command.ts';

let work: Workplace;

describe.each(databaseKinds())('on $name', (kind) => {
  let database: { url: string; forget(): void };

  const run = async (...words: string[]) => {
    const [first = '', second = '', ...rest] = words;
    const { exitCode, stdout, stderr } = await work.run([first, second, database.url, ...rest]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return stdout;
  };
  const fail = async (...words: string[]) => {
    const { exitCode, stdout, stderr } = await work.run([...words.slice(0, 2), database.url, ...words.slice(2)]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    return stderr;
  };

  beforeEach(async () => {
    work = createWorkplace();
    database = await kind.create();
    await work.run(['init', database.url]);
  });
  afterEach(async () => {
    await work.clean();
    database.forget();
  });

  test('a client is created, listed, shown, disabled and enabled, and a running server follows', async () => {
    const created = JSON.parse(
      await run('clients', 'create', '--name', 'My Shop', '--origin', 'https://a.example/', '--json'),
    );
    expect(created.client).toMatchObject({ slug: 'my-shop', allowed_origins: ['https://a.example'] });
    expect(await run('clients', 'list')).toContain(`${created.client.id}\tmy-shop\tMy Shop\tactive\t`);
    expect(JSON.parse(await run('clients', 'show', '--id', 'my-shop', '--json'))).toEqual(created.client);
    const server = await work.start([database.url]);
    const jwks = () => fetch(`${server.url}/jwks`, { headers: { 'x-api-key': created.api_key } });
    expect((await jwks()).status).toBe(200);
    await run('clients', 'disable', '--id', 'my-shop');
    await expect.poll(async () => (await jwks()).status, { timeout: 5_000 }).toBe(403);
    await run('clients', 'disable', '--id', created.client.id, '--undo');
    await expect.poll(async () => (await jwks()).status, { timeout: 5_000 }).toBe(200);
  });

  test('every key of a client is rotated, by slug', async () => {
    await run('clients', 'create', '--name', 'Keys');
    expect(await run('clients', 'rotate', '--id', 'keys', '--key', 'api-key')).toMatch(/^api_key\tgh_pk_/);
    const secret = ['clients', 'rotate', '--id', 'keys', '--key', 'client-secret', '--immediate'];
    expect(await run(...secret)).toMatch(/^client_secret\tgh_sk_/);
    const signing = ['clients', 'rotate', '--id', 'keys', '--key', 'signing-key', '--overlap', '1h', '--json'];
    expect(JSON.parse(await run(...signing))).toMatchObject({ algorithm: 'ES256', previous_kid: null });
  });

  test('what the API refuses is refused in a sentence', async () => {
    await run('clients', 'create', '--name', 'Taken', '--slug', 'taken');
    expect(await fail('clients', 'create', '--name', 'X', '--slug', 'taken')).toContain('Another client has this slug');
    expect(await fail('clients', 'create', '--name', 'X', '--slug', 'No')).toContain('--slug must match');
    expect(await fail('clients', 'create', '--name', 'X', '--token-mode', 'v9')).toContain('--token-mode must be');
    expect(await fail('clients', 'create', '--name', 'X', '--settings', '{')).toContain('must be a JSON object');
    const unknown = await fail('clients', 'create', '--name', 'X', '--settings', '{"colour":1}');
    expect(unknown).toContain('settings.colour: is not known');
    expect(await fail('clients', 'create', '--name', 'X', '--origin', '*')).toContain('allowed_origins.0');
    expect(await fail('clients', 'disable', '--id', 'default')).toContain('cannot be disabled');
    expect(await fail('clients', 'show', '--id', 'nobody')).toContain('client nobody not found');
    expect(await fail('clients', 'show', '--id', 'administrators')).toContain('not found');
    expect(await fail('clients', 'rotate', '--id', 'taken', '--key', 'all')).toContain('--key must be one of');
    expect(await fail('clients', 'rotate', '--id', 'taken', '--key', 'api-key', '--overlap', 'x')).toContain(
      '--overlap',
    );
    expect((await run('clients', 'list')).split('\n')).toHaveLength(3);
  });
});
