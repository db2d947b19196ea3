import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import { type Receiver, startReceiver } from '../../../test/kit/webhook-receiver.ts';

const PATH = '/api/admin/clients/default/webhooks';
let trap: Receiver;

/** What host names lead to; a list is used up from its front, one answer for each resolution. */
const answers: Record<string, string[][]> = {};
const resolve = async (host: string) =>
  (answers[host]?.shift() ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

beforeAll(async () => {
  trap = await startReceiver();
});
afterAll(() => trap.close());
afterEach(() => {
  trap.arrivals.length = 0;
});

describe('addresses that webhooks are not sent to', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ resolve, settings: { 'webhooks.allowedPorts': 'any' } });
  });
  afterAll(() => server.close());

  // T-087
  test.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '10.1.2.3',
    '192.168.0.1',
    '169.254.169.254',
    '[fd00:ec2::254]',
    '[fe80::1]',
  ])('%s is refused when the endpoint is made, and when it is changed', async (host) => {
    const url = `https://${host}:${trap.port}/`;
    const refused = {
      status: 400,
      body: { error: 'webhook_url_refused', details: [{ field: 'url', problem: 'address_refused' }] },
    };
    expect(await server.askAsOwner(PATH, { body: { url } })).toMatchObject(refused);
    const { id } = (await server.askAsOwner(PATH, { body: { url: 'https://example.com/' } })).body;
    expect(await server.askAsOwner(`${PATH}/${id}`, { method: 'PATCH', body: { url } })).toMatchObject(refused);
    await server.askAsOwner(`${PATH}/${id}`, { method: 'DELETE' });
    expect(trap.connections()).toBe(0);
  });

  // T-087
  test.each([
    ['file:///etc/passwd', 'scheme_refused'],
    ['gopher://example.com/', 'scheme_refused'],
    ['unix:/var/run/docker.sock', 'scheme_refused'],
    ['http://example.com/', 'scheme_refused'],
    ['https://user:pass@example.com/', 'credentials_refused'],
    ['nowhere', 'url_invalid'],
  ])('%s is refused as %s', async (url, problem) => {
    const answer = await server.askAsOwner(PATH, { body: { url } });
    expect(answer.body).toMatchObject({ error: 'webhook_url_refused', details: [{ field: 'url', problem }] });
  });

  // T-087
  test.each([
    ['loopback.example', [['127.0.0.1']]],
    ['metadata.example', [['169.254.169.254']]],
    ['mapped.example', [['::ffff:127.0.0.1']]],
    ['mixed.example', [['1.1.1.1', '127.0.0.1']]],
  ])('a name that leads inside (%s) is not connected to', async (host, list) => {
    answers[host] = list;
    const { id } = (await server.askAsOwner(PATH, { body: { url: `https://${host}:${trap.port}/` } })).body;
    const outcome = await server.askAsOwner(`${PATH}/${id}/test`, { body: {} });
    expect(outcome.body).toMatchObject({ delivered: false, status: null, error: 'address_refused' });
    await server.askAsOwner(`${PATH}/${id}`, { method: 'DELETE' });
    expect(trap.connections()).toBe(0);
  });
});

describe('with a network of the operator’s own', () => {
  let server: TestServer;
  beforeAll(async () => {
    const settings = { 'webhooks.allowedNetworks': '127.0.0.1', 'webhooks.allowedPorts': `${trap.port}` };
    server = await startTestServer({ resolve, settings });
  });
  afterAll(() => server.close());
  const outcomeAt = async (url: string) => {
    const { id } = (await server.askAsOwner(PATH, { body: { url } })).body;
    return (await server.askAsOwner(`${PATH}/${id}/test`, { body: {} })).body;
  };

  // T-087
  test('the address that was checked is the one connected to (DNS rebinding)', async () => {
    answers['rebinding.example'] = [['127.0.0.1'], ['10.255.255.1']];
    const outcome = await outcomeAt(`http://rebinding.example:${trap.port}/`);
    expect(outcome).toMatchObject({ delivered: true, status: 204 });
    expect(trap.arrivals[0]?.headers.host).toBe(`rebinding.example:${trap.port}`);
    expect(answers['rebinding.example']).toHaveLength(1);
  });

  // T-087
  test('a redirect is a failure and is not followed', async () => {
    const inside = await startReceiver();
    trap.answerWith((_arrival, response) => response.writeHead(302, { location: inside.url }).end());
    expect(await outcomeAt(trap.url)).toMatchObject({ delivered: false, status: 302, error: 'http_302' });
    expect(inside.connections()).toBe(0);
    trap.answerWith(204);
    await inside.close();
  });

  // T-087
  test.each([
    ['http://127.0.0.2/', 'port_refused'],
    ['http://169.254.169.254/', 'port_refused'],
    ['http://example.com:6379/', 'port_refused'],
    ['http://example.com:22/', 'port_refused'],
  ])('other ports stay shut: %s', async (url, problem) => {
    expect((await server.askAsOwner(PATH, { body: { url } })).body.details).toEqual([{ field: 'url', problem }]);
  });

  // T-087
  test.each(['127.0.0.2', '10.0.0.1', '169.254.169.254', '[::1]'])('other networks stay shut: %s', async (host) => {
    const answer = await server.askAsOwner(PATH, { body: { url: `http://${host}:${trap.port}/` } });
    expect(answer.body.details).toEqual([{ field: 'url', problem: 'address_refused' }]);
  });
});

// T-087, R343
test.each([
  ['https://169.254.169.254/latest', 'address_refused'],
  ['http://hooks.example/', 'scheme_refused'],
])("a client's webhook_url to %s is sent nothing", async (url, error) => {
  const server = await startTestServer({
    resolve,
    settings: { 'webhooks.signingSecret': 'the signing secret of tests, long enough' },
  });
  await server.askAsOwner('/api/admin/clients', { body: { name: 'Inward', slug: 'inward', webhook_url: url } });
  const { items } = (await server.askAsOwner('/api/admin/clients')).body;
  const { id: client } = items.find((one: { slug: string }) => one.slug === 'inward');
  const path = `/api/admin/clients/${client}/webhooks`;
  const [endpoint] = (await server.askAsOwner(path)).body.items;
  expect(endpoint).toMatchObject({ source: 'client', url });
  const outcome = await server.askAsOwner(`${path}/${endpoint.id}/test`, { body: {} });
  expect(outcome.body).toMatchObject({ delivered: false, status: null, error });
  await server.close();
});
