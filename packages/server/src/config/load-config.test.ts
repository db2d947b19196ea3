import { describe, expect, it } from 'vitest';
import { ConfigError, type ConfigInput, loadConfig } from './index.ts';

const CANARY = 'canary-8f3kQ0zLw2VtYx7RmN4bJc6D';

function load(env: Record<string, string>, more: Partial<ConfigInput> & { files?: Record<string, string> } = {}) {
  const { files = {}, ...input } = more;
  return loadConfig({ env, readFile: (path) => files[path] ?? null, ...input });
}

function problemsOf(env: Record<string, string>, more: Parameters<typeof load>[1] = {}) {
  try {
    load(env, more);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('starts from nothing with defaults for this machine', () => {
    const config = load({});
    expect(config.server).toMatchObject({ host: '127.0.0.1', port: 7777, issuer: 'http://localhost:7777', workers: 1 });
    expect(config.tokens).toEqual({ accessTtlSeconds: 900, refreshTtlSeconds: 604_800, refreshGraceSeconds: 10 });
    expect(config.database).toEqual({ url: './gatehouse.sqlite', prepare: true, poolSize: 10 });
    expect(config.webauthn).toMatchObject({ rpId: 'localhost', displayName: 'Gatehouse', rpOrigin: [] });
    expect(config.secrets.current).toBeUndefined();
    expect(config.warnings).toEqual([]);
  });

  it('is frozen in every group', () => {
    const config = load({});
    expect(
      Object.isFrozen(config) && Object.isFrozen(config.server) && Object.isFrozen(config.server.allowOrigin),
    ).toBe(true);
  });

  it('lets the command line win over the environment, and the environment over the file', () => {
    const files = { './gatehouse.yaml': 'server:\n  port: 1\n  host: file\nbrand: { name: File }' };
    const config = load({ PORT: '2', AUTH_HOST: 'env' }, { files, overrides: { 'server.port': '3' } });
    expect(config.server).toMatchObject({ port: 3, host: 'env', issuer: 'http://localhost:3' });
    expect(config.brand.name).toBe('File');
  });

  it('takes --config before GATEHOUSE_CONFIG before the default file', () => {
    const files = { a: 'server: { port: 1 }', b: 'server: { port: 2 }', './gatehouse.yaml': 'server: { port: 3 }' };
    expect(load({ GATEHOUSE_CONFIG: 'b' }, { files, configFile: 'a' }).server.port).toBe(1);
    expect(load({ GATEHOUSE_CONFIG: 'b' }, { files }).server.port).toBe(2);
    expect(load({}, { files }).server.port).toBe(3);
  });

  it('refuses a named file that is not there', () => {
    expect(problemsOf({}, { configFile: 'gone.yaml' })).toMatchObject([{ name: '--config' }]);
    expect(problemsOf({ GATEHOUSE_CONFIG: 'gone.yaml' })).toMatchObject([{ name: 'GATEHOUSE_CONFIG' }]);
  });

  it('reports all mistakes together, each with its variable and an example', () => {
    const problems = problemsOf({ PORT: 'http', JWT_ACCESS_TTL: '900', COOKIE_SAMESITE: 'Lax', BRAND_COLOR: 'teal' });
    expect(problems.map(({ name }) => name)).toEqual(['PORT', 'JWT_ACCESS_TTL', 'COOKIE_SAMESITE', 'BRAND_COLOR']);
    expect(problems.every(({ problem, example }) => problem.length > 10 && example !== '')).toBe(true);
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '7e3'],
    ['JWT_ACCESS_TTL', '59s'],
    ['JWT_ACCESS_TTL', '25h'],
    ['REFRESH_GRACE', '61s'],
    ['EMAIL_CODE_TTL', '11m'],
    ['DATABASE_PREPARE', 'maybe'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['DATABASE_URL', 'postgres://[::1/x'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', 'proxy.example.com'],
    ['ALLOW_ORIGIN', 'https://a.example/path'],
    ['ALLOW_ORIGIN', 'null'],
    ['WEBAUTHN_RP_ID', 'https://example.com'],
    ['WEBAUTHN_RP_ORIGIN', '*'],
    ['EMAIL_FROM', 'A <a@b>,<c@d>'],
    ['MAIL_TRANSPORT', 'file'],
    ['COOKIE_SAMESITE', 'none'],
    ['COOKIE_DOMAIN', 'other.example'],
    ['METRICS_PORT', '7777'],
    ['BRAND_NAME', 'a\nb'],
    ['LOG_LEVEL', 'loud'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemsOf({ [name]: value })).toHaveLength(1);
  });

  it('reads durations, switches, lists and networks', () => {
    const config = load({
      REFRESH_GRACE: '0',
      SESSION_IDLE_TTL: '7d',
      DATABASE_PREPARE: 'off',
      ALLOW_ORIGIN: 'https://a.example, https://b.example,',
      TRUSTED_PROXIES: '10.0.0.0/8,::1',
    });
    expect(config.tokens.refreshGraceSeconds).toBe(0);
    expect(config.sessions.idleTtlSeconds).toBe(604_800);
    expect(config.database.prepare).toBe(false);
    expect(config.server.allowOrigin).toEqual(['https://a.example', 'https://b.example']);
    expect(config.server.trustedProxies).toEqual(['10.0.0.0/8', '::1']);
  });

  it('treats an empty variable as not set', () => {
    expect(load({ PORT: '', GATEHOUSE_SECRET: ' ', GATEHOUSE_CONFIG: '' }).server.port).toBe(7777);
  });

  it('accepts the other names of a variable and says which one is ignored', () => {
    expect(load({ AUTH_PORT: '81' }).server.port).toBe(81);
    const config = load({ PORT: '80', AUTH_PORT: '81' });
    expect(config.server).toMatchObject({ port: 80, issuer: 'http://localhost' });
    expect(config.warnings).toEqual(['AUTH_PORT is ignored because PORT is set too.']);
  });

  it('warns about a GATEHOUSE_ variable that it does not know', () => {
    expect(load({ GATEHOUSE_SECRT: 'x', GATEHOUSE_PORT: '1' }).warnings).toEqual([
      'GATEHOUSE_PORT is no setting and is ignored. Did you mean PORT?',
      'GATEHOUSE_SECRT is no setting and is ignored. Did you mean GATEHOUSE_SECRET?',
    ]);
  });

  it('warns that BCRYPT_COST means nothing', () => {
    expect(load({ BCRYPT_COST: '12' }).warnings).toEqual([
      'BCRYPT_COST has no effect: passwords are hashed with argon2id.',
    ]);
  });
});

describe('the issuer', () => {
  it.each([
    'https://auth.example.com',
    'http://localhost:8080',
    'http://127.0.0.1:1',
    'http://[::1]:1',
    'http://a.localhost',
  ])('may be %s', (issuer) => expect(load({ BASE_URL: issuer }).server.issuer).toBe(issuer));

  it.each([
    'https://auth.example.com/',
    'https://auth.example.com/path',
    'https://auth.example.com?q',
    'https://auth.example.com#h',
    'https://user:pw@auth.example.com',
    'ftp://auth.example.com',
    'auth.example.com',
    'http://auth.example.com',
    'http://127.0.0.1.example.com',
  ])('may not be %s', (issuer) => {
    expect(problemsOf({ AUTH_ISSUER: issuer })).toMatchObject([{ name: 'AUTH_ISSUER' }]);
  });

  it('may use http elsewhere only when asked to, with a warning', () => {
    const config = load({ AUTH_ISSUER: 'http://auth.lan', ALLOW_INSECURE_ISSUER: 'true' });
    expect(config.server.issuer).toBe('http://auth.lan');
    expect(config.warnings).toHaveLength(1);
  });

  it('makes ALLOW_ORIGIN=* a warning that names it', () => {
    expect(load({ ALLOW_ORIGIN: '*' }).warnings[0]).toContain('development');
    expect(load({ ALLOW_ORIGIN: '*', AUTH_ISSUER: 'https://a.example' }).warnings[0]).toContain('https://a.example');
  });

  it('rules out the development mailbox when it is public', () => {
    const env = { AUTH_ISSUER: 'https://a.example', MAIL_TRANSPORT: 'mailbox' };
    expect(problemsOf(env)).toMatchObject([{ name: 'MAIL_TRANSPORT' }]);
  });
});

describe('secrets', () => {
  it('come from a file named by the _FILE variant', () => {
    const files = { '/s/secret': `${CANARY}${CANARY}\n`, '/s/url': 'postgres://u:p@db/x\n' };
    const config = load({ GATEHOUSE_SECRET_FILE: '/s/secret', DATABASE_URL_FILE: '/s/url' }, { files });
    expect(config.secrets.current).toBe(`${CANARY}${CANARY}`);
    expect(config.database.url).toBe('postgres://u:p@db/x');
  });

  it('may not be given both ways', () => {
    const env = { GATEHOUSE_SECRET: CANARY + CANARY, GATEHOUSE_SECRET_FILE: '/s/secret' };
    expect(problemsOf(env)).toMatchObject([
      { name: 'GATEHOUSE_SECRET', problem: expect.stringContaining('GATEHOUSE_SECRET_FILE') },
    ]);
  });

  it('must be in the file that is named', () => {
    expect(problemsOf({ GATEHOUSE_SECRET_FILE: '/gone' })).toMatchObject([{ name: 'GATEHOUSE_SECRET_FILE' }]);
  });

  //
  it.each([
    'changeme-changeme-changeme-changeme',
    'please-change-this-secret-to-something',
    'your-secret-key-of-at-least-32-characters',
    'super_secret_super_secret_super_secret_',
    'the output of: openssl rand -base64 48',
    '0123456789abcdef0123456789abcdef',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'short',
  ])('refuse the sample value %s', (value) => {
    expect(problemsOf({ GATEHOUSE_SECRET: value })).toMatchObject([{ name: 'GATEHOUSE_SECRET' }]);
  });

  // T-095
  it('are never quoted, whatever is wrong with them', () => {
    const files = { './gatehouse.yaml': `secrets:\n  current: "${CANARY}\n  x: [${CANARY}` };
    const attempts: Parameters<typeof problemsOf>[] = [
      [{ GATEHOUSE_SECRET: CANARY.slice(0, 31) }],
      [{ GATEHOUSE_SECRET_PREVIOUS: `${CANARY},${CANARY}` }],
      [{ DATABASE_URL: `mysql://u:${CANARY}@h/x` }],
      [{ DATABASE_URL: `postgres://u:${CANARY}@[h/x` }],
      [{ DATABASE_URL: `a\u0000${CANARY}` }],
      [{ AUTH_ISSUER: `https://u:${CANARY}@a.example` }],
      [{ AUTH_ISSUER: `ftp://u:${CANARY}@a.example` }],
      [{}, { files }],
    ];
    for (const attempt of attempts) {
      const problems = problemsOf(...attempt);
      expect(problems.length).toBeGreaterThan(0);
      expect(new ConfigError(problems).message + JSON.stringify(problems)).not.toContain(CANARY.slice(0, 20));
    }
  });
});

describe('the YAML file', () => {
  const withFile = (source: string) => ({ files: { './gatehouse.yaml': source } });

  it('takes lists, numbers and switches in their own form', () => {
    const config = load(
      {},
      withFile(
        'server:\n  allowOrigin: [https://a.example, https://b.example]\n  docs: false\ntokens: { accessTtl: 5m }',
      ),
    );
    expect(config.server).toMatchObject({ allowOrigin: ['https://a.example', 'https://b.example'], docs: false });
    expect(config.tokens.accessTtlSeconds).toBe(300);
  });

  it('may be empty', () => {
    expect(load({}, withFile('# nothing\n')).server.port).toBe(7777);
  });

  it('refuses keys it does not know and suggests the nearest', () => {
    expect(problemsOf({}, withFile('server: { prot: 1 }\nnonsense: { deeply: { nested: 1 } }'))).toEqual([
      { name: 'server.prot', problem: 'is no setting. Did you mean server.port?', example: '' },
      { name: 'nonsense.deeply.nested', problem: 'is no setting.', example: '' },
    ]);
  });

  it.each([
    '- a\n- b',
    'text',
    'server: 8080',
    'server: { port: { a: 1 } }',
    'server: { port: 1, port: 2 }',
    '__proto__: { port: 1 }',
  ])('refuses the shape %j', (source) => expect(problemsOf({}, withFile(source))).toHaveLength(1));
});
