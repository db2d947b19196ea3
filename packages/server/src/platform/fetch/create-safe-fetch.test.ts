import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isAllowedAddress } from './address-policy.ts';
import { createSafeFetch, FetchRefusal } from './index.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server on this machine that counts the connections it gets. */
async function listen(answer: RequestListener = (_request, response) => response.end('ok')) {
  const seen = { connections: 0 };
  const server = createServer(answer).on('connection', () => {
    seen.connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { seen, port: (server.address() as AddressInfo).port };
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => 'answered',
    (reason: unknown) => reason,
  );
  return error instanceof FetchRefusal ? error.code : String(error);
}

describe('a fetch of a stranger’s address', () => {
  // T-087
  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '0',
    '0.0.0.0',
    '[::]',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[::ffff:0:127.0.0.1]',
    'localhost',
    'localhost.',
    '１２７.0.0.1',
  ])('never connects to this machine as %s', async (host) => {
    const { seen, port } = await listen();
    const fetch = createSafeFetch({ ports: 'any' });
    expect(['address_refused', 'host_not_found']).toContain(await refusal(fetch(`http://${host}:${port}/`)));
    expect(seen.connections).toBe(0);
  });

  // T-087
  it.each([
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '198.18.0.1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
    '64:ff9b:1::1',
    '64:ff9b::a00:1',
    '::ffff:10.0.0.1',
    '100::1',
    '2001:db8::1',
    'not an address',
    '',
  ])('does not count %j as the public internet', (address) => {
    expect(isAllowedAddress(address, false)).toBe(false);
  });

  it.each(['1.1.1.1', '93.184.215.14', '2606:4700::1111', '::ffff:1.1.1.1'])(
    'counts %s as the public internet',
    (address) => {
      expect(isAllowedAddress(address, false)).toBe(true);
    },
  );

  it('keeps cloud metadata out of reach even where private networks are allowed', () => {
    expect(isAllowedAddress('10.0.0.1', true)).toBe(true);
    expect(isAllowedAddress('169.254.169.254', true)).toBe(false);
    expect(isAllowedAddress('::ffff:169.254.169.254', true)).toBe(false);
  });

  // T-087
  it.each([
    ['file:///etc/passwd', 'scheme_refused'],
    ['gopher://example.com/', 'scheme_refused'],
    ['unix:/var/run/docker.sock', 'scheme_refused'],
    ['http://user:pass@example.com/', 'credentials_refused'],
    ['http://user@example.com/', 'credentials_refused'],
    ['http://example.com:22/', 'port_refused'],
    ['https://example.com:6379/', 'port_refused'],
    ['http://', 'url_invalid'],
    ['/path', 'url_invalid'],
  ])('refuses %s before resolving anything', async (address, code) => {
    const resolve = () => Promise.reject(new Error('resolved'));
    expect(await refusal(createSafeFetch({ resolve })(address))).toBe(code);
  });

  // T-087
  it('refuses a name when any one of its addresses is private', async () => {
    const { seen, port } = await listen();
    const resolve = async () => [
      { address: '1.1.1.1', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    expect(await refusal(createSafeFetch({ resolve, ports: 'any' })(`http://mixed.example:${port}/`))).toBe(
      'address_refused',
    );
    expect(seen.connections).toBe(0);
  });

  // T-087
  it('resolves once and connects to what it checked (DNS rebinding)', async () => {
    const { port } = await listen((request, response) => response.end(request.headers.host));
    const answers = ['127.0.0.1', '10.255.255.1'];
    const resolve = async () => [{ address: answers.shift() ?? '', family: 4 }];
    const fetch = createSafeFetch({ resolve, ports: [port], allowPrivate: true });
    const answer = await fetch(`http://rebinding.example:${port}/`);
    expect(new TextDecoder().decode(answer.body)).toBe(`rebinding.example:${port}`);
    expect(answers).toEqual(['10.255.255.1']);
  });

  // T-087
  it('hands a redirect back instead of following it', async () => {
    const target = await listen();
    const { port } = await listen((_request, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${target.port}/` }).end();
    });
    const answer = await createSafeFetch({ allowPrivate: true, ports: 'any' })(`http://127.0.0.1:${port}/`);
    expect(answer.status).toBe(302);
    expect(target.seen.connections).toBe(0);
  });

  it('sends method, headers and body, and returns status, headers and body', async () => {
    const { port } = await listen((request, response) => {
      response.writeHead(201, { 'x-seen': `${request.method} ${request.headers['x-test']}` });
      request.pipe(response);
    });
    const fetch = createSafeFetch({ allowPrivate: true, ports: 'any' });
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: { 'x-test': '1' },
      body: 'hello',
    });
    expect(answer).toMatchObject({ status: 201, headers: { 'x-seen': 'POST 1' } });
    expect(new TextDecoder().decode(answer.body)).toBe('hello');
  });

  it('refuses headers that belong to the connection', async () => {
    expect(await refusal(createSafeFetch()('http://example.com/', { headers: { Host: 'x' } }))).toBe('header_refused');
  });

  it('stops reading at its limit', async () => {
    const { port } = await listen((_request, response) => response.end('x'.repeat(2000)));
    const fetch = (maxBytes: number) =>
      createSafeFetch({ allowPrivate: true, ports: 'any', maxBytes })(`http://127.0.0.1:${port}/`);
    expect((await fetch(2000)).body).toHaveLength(2000);
    expect(await refusal(fetch(1999))).toBe('answer_too_large');
  });

  it('gives up on a server, and on a resolver, that does not answer', async () => {
    const { port } = await listen((_request, response) => response.write('x'));
    const options = { allowPrivate: true, ports: 'any', timeoutMs: 60 } as const;
    expect(await refusal(createSafeFetch(options)(`http://127.0.0.1:${port}/`))).toBe('timed_out');
    const resolve = () => new Promise<never>(() => {});
    expect(await refusal(createSafeFetch({ ...options, resolve })('http://slow.example/'))).toBe('timed_out');
  });

  it('says when nobody listens and when a name has no address', async () => {
    const fetch = createSafeFetch({ allowPrivate: true, ports: 'any', resolve: async () => [] });
    expect(await refusal(fetch('http://127.0.0.1:1/'))).toBe('connection_failed');
    expect(await refusal(fetch('http://nowhere.example/'))).toBe('host_not_found');
  });
});
