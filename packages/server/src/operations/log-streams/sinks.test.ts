import { createHash, createHmac, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';
import { type Arrival, type Receiver, startReceiver } from '../../../test/kit/webhook-receiver.ts';
import type { OutgoingEvent } from '../event-feed/index.ts';
import { stdoutSink } from './open-sinks.ts';

const SECRET_KEY = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYKEY';
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
let server: TestServer;
let receiver: Receiver;
let events: OutgoingEvent[];
let missingLogStream = true;

const json = (response: ServerResponse, body: object, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** Answers as each vendor does. */
function answer(arrival: Arrival, response: ServerResponse): void {
  const { path, headers } = arrival;
  if (path.startsWith('/dd/')) response.writeHead(202).end();
  else if (path.startsWith('/splunk/')) json(response, { text: 'Success', code: 0 });
  else if (path === '/elastic/_bulk') json(response, { errors: false, items: [] });
  else if (path.startsWith('/s3/')) response.writeHead(200).end();
  else if (path.endsWith('/token')) json(response, { access_token: 'a-token', expires_in: 3600, token_type: 'Bearer' });
  else if (path === '/gcp/v2/entries:write') json(response, {});
  else if (path.startsWith('/azure/dataCollectionRules/')) response.writeHead(204).end();
  else if (headers['x-amz-target'] === 'Logs_20140328.CreateLogStream') {
    missingLogStream = false;
    json(response, {});
  } else if (missingLogStream) json(response, { __type: 'ResourceNotFoundException' }, 400);
  else json(response, {});
}

// long: the configuration of every sink
beforeAll(async () => {
  receiver = await startReceiver(answer);
  const at = `http://127.0.0.1:${receiver.port}`;
  const account = {
    type: 'service_account',
    project_id: 'example-1234',
    private_key_id: 'key-1',
    private_key: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }),
    client_email: 'audit@example-1234.iam.gserviceaccount.com',
    token_uri: `${at}/gcp/token`,
  };
  server = await startTestServer({
    settings: {
      'logStreams.names': 'datadog,splunk,elastic,s3,cloudwatch,gcp,azure',
      'datadog.apiKey': 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
      'datadog.endpoint': `${at}/dd`,
      'splunk.url': `${at}/splunk`,
      'splunk.token': '8f2f1ab0-76c3-4d9e-b5aa-0c9d5a1e77b0',
      'splunk.index': 'audit',
      'elastic.url': `${at}/elastic`,
      'elastic.apiKey': 'VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6dWkybHAyYXhUTm1zeWFrdzl0dk5udw==',
      'aws.region': 'eu-central-1',
      'aws.accessKeyId': 'AKIDEXAMPLE',
      'aws.secretAccessKey': SECRET_KEY,
      'aws.bucket': 'example-audit',
      'aws.s3Endpoint': `${at}/s3`,
      'aws.logGroup': '/gatehouse/audit',
      'aws.logsEndpoint': `${at}/logs`,
      'gcp.serviceAccount': JSON.stringify(account),
      'gcp.endpoint': `${at}/gcp`,
      'azure.tenantId': '11111111-2222-3333-4444-555555555555',
      'azure.clientId': '66666666-7777-8888-9999-000000000000',
      'azure.clientSecret': 'abc~DEF1234567890.xyz',
      'azure.endpoint': `${at}/azure`,
      'azure.ruleId': 'dcr-0123456789abcdef0123456789abcdef',
      'azure.authority': `${at}/login`,
    },
  });
  const { logStreams } = server.house.eventsOut;
  await logStreams.drain();
  await server.signIn('zoë@example.com');
  await server.house.sealer.seal();
  // S3 gathers for a minute before it writes an object.
  server.clock.advance(61_000);
  await logStreams.drain();
});
afterAll(async () => {
  await server.close();
  await receiver.close();
});
beforeEach(() => {
  events = readLines(gunzipSync(at('/s3/')?.raw ?? Buffer.alloc(0)).toString());
});

const readLines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const all = (prefix: string) => receiver.arrivals.filter((one) => one.path.startsWith(prefix));
function at(prefix: string): Arrival {
  const [first] = all(prefix);
  if (!first) throw new Error(`nothing arrived at ${prefix}`);
  return first;
}

/** The signature of a request computed once more, in another way, from what arrived. */
function awsSignature({ method, path, headers, raw }: Arrival, service: string): string {
  const [, place = '', names = ''] =
    /Credential=AKIDEXAMPLE\/([^,]+), SignedHeaders=([^,]+),/.exec(String(headers.authorization)) ?? [];
  const [day = '', region = ''] = place.split('/');
  expect(place).toBe(`${String(headers['x-amz-date']).slice(0, 8)}/eu-central-1/${service}/aws4_request`);
  const hash = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
  const lines = names.split(';').map((name) => `${name}:${headers[name]}\n`);
  const canonical = `${method}\n${path}\n\n${lines.join('')}\n${names}\n${hash(raw)}`;
  let key: Buffer = Buffer.from(`AWS4${SECRET_KEY}`);
  for (const part of [day, region, service, 'aws4_request']) key = createHmac('sha256', key).update(part).digest();
  const text = `AWS4-HMAC-SHA256\n${headers['x-amz-date']}\n${place}\n${hash(canonical)}`;
  return createHmac('sha256', key).update(text).digest('hex');
}

test('every sink got the same events, in the order of the log', () => {
  expect(events.map((event) => event.type)).toContain('login_success');
  expect(events.map((event) => event.seq)).toEqual(events.map((event) => event.seq).sort((a, b) => a - b));
});

// R335
test('Datadog gets a compressed array with its key in a header', () => {
  const arrival = at('/dd/');
  expect(arrival).toMatchObject({ method: 'POST', path: '/dd/api/v2/logs' });
  expect(arrival.headers).toMatchObject({
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    'dd-api-key': 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
  });
  const logs = JSON.parse(gunzipSync(arrival.raw).toString());
  expect(logs.map((log: { message: string }) => JSON.parse(log.message))).toEqual(events);
  expect(logs[0]).toMatchObject({ ddsource: 'gatehouse', service: 'gatehouse', ddtags: 'client_id:default' });
});

// R336
test('Splunk gets events one after another, with time in seconds and its token', () => {
  const arrival = at('/splunk/');
  expect(arrival).toMatchObject({ method: 'POST', path: '/splunk/services/collector/event' });
  expect(arrival.headers.authorization).toBe('Splunk 8f2f1ab0-76c3-4d9e-b5aa-0c9d5a1e77b0');
  const lines = readLines(arrival.text);
  expect(lines.map((line) => line.event)).toEqual(events);
  expect(lines[0]).toMatchObject({
    time: Date.parse(events[0]?.created_at ?? '') / 1000,
    index: 'audit',
    source: 'gatehouse',
    sourcetype: 'gatehouse:audit',
  });
});

// R337
test('Elasticsearch gets pairs of lines that create each event under its own id', () => {
  const arrival = at('/elastic/');
  expect(arrival.headers).toMatchObject({
    'content-type': 'application/x-ndjson',
    authorization: 'ApiKey VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6dWkybHAyYXhUTm1zeWFrdzl0dk5udw==',
  });
  expect(arrival.text.endsWith('\n')).toBe(true);
  const lines = readLines(arrival.text);
  expect(lines.filter((_line, i) => i % 2 === 0)).toEqual(
    events.map(({ id }) => ({ create: { _index: 'gatehouse-audit', _id: id } })),
  );
  expect(lines.filter((_line, i) => i % 2 === 1)).toEqual(
    events.map((event) => ({ '@timestamp': event.created_at, ...event, metadata: JSON.stringify(event.metadata) })),
  );
});

// R338
test('S3 gets one compressed object named after its places, with a signature that fits', () => {
  const arrival = at('/s3/');
  expect(all('/s3/')).toHaveLength(1);
  const place = (seq = 0) => String(seq).padStart(15, '0');
  const name = `${place(events[0]?.seq)}-${place(events.at(-1)?.seq)}.ndjson.gz`;
  expect(arrival).toMatchObject({ method: 'PUT', path: `/s3/example-audit/gatehouse-audit/2026/01/01/${name}` });
  expect(arrival.headers['x-amz-content-sha256']).toBe(createHash('sha256').update(arrival.raw).digest('hex'));
  expect(arrival.headers.authorization).toContain('SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, ');
  expect(arrival.headers.authorization).toContain(`Signature=${awsSignature(arrival, 's3')}`);
});

// R339
test('CloudWatch gets PutLogEvents in order of time, and its log stream is made when it is missing', () => {
  const calls = all('/logs');
  expect(calls.map((one) => one.headers['x-amz-target'])).toEqual(
    ['PutLogEvents', 'CreateLogStream', 'PutLogEvents'].map((action) => `Logs_20140328.${action}`),
  );
  for (const call of calls) {
    expect(call.headers['content-type']).toBe('application/x-amz-json-1.1');
    expect(call.headers.authorization).toContain(`Signature=${awsSignature(call, 'logs')}`);
  }
  const body = JSON.parse(calls.at(-1)?.text ?? '');
  expect(body).toMatchObject({ logGroupName: '/gatehouse/audit', logStreamName: 'gatehouse' });
  const times = body.logEvents.map((one: { timestamp: number }) => one.timestamp);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(body.logEvents.map((one: { message: string }) => JSON.parse(one.message).id).sort()).toEqual(
    events.map(({ id }) => id).sort(),
  );
});

// R340
test('Google Cloud gets entries that it knows again, with a token for a signed assertion', () => {
  const exchange = new URLSearchParams(at('/gcp/token').text);
  expect(exchange.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
  const [header = '', claims = '', signature = ''] = (exchange.get('assertion') ?? '').split('.');
  const publicKey = createPublicKey(pair.publicKey.export({ format: 'pem', type: 'spki' }));
  expect(verify('sha256', Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, 'base64url'))).toBe(
    true,
  );
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  expect(read(header)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'key-1' });
  expect(read(claims)).toMatchObject({
    iss: 'audit@example-1234.iam.gserviceaccount.com',
    scope: 'https://www.googleapis.com/auth/logging.write',
    aud: `http://127.0.0.1:${receiver.port}/gcp/token`,
  });
  expect(read(claims).exp - read(claims).iat).toBe(3600);
  const arrival = at('/gcp/v2/');
  expect(arrival.headers.authorization).toBe('Bearer a-token');
  expect(JSON.parse(arrival.text)).toEqual({
    logName: 'projects/example-1234/logs/gatehouse-audit',
    resource: { type: 'global' },
    entries: events.map((event) => ({
      insertId: event.id,
      timestamp: event.created_at,
      severity: 'NOTICE',
      jsonPayload: event,
    })),
  });
});

// R341
test('Azure gets a compressed array through its rule, with a token for the credentials of an application', () => {
  const exchange = at('/login/');
  expect(exchange.path).toBe('/login/11111111-2222-3333-4444-555555555555/oauth2/v2.0/token');
  expect(Object.fromEntries(new URLSearchParams(exchange.text))).toEqual({
    grant_type: 'client_credentials',
    client_id: '66666666-7777-8888-9999-000000000000',
    client_secret: 'abc~DEF1234567890.xyz',
    scope: 'https://monitor.azure.com/.default',
  });
  const arrival = at('/azure/');
  expect(arrival.path).toBe(
    '/azure/dataCollectionRules/dcr-0123456789abcdef0123456789abcdef/streams/Custom-GatehouseAudit_CL?api-version=2023-01-01',
  );
  expect(arrival.headers).toMatchObject({ authorization: 'Bearer a-token', 'content-encoding': 'gzip' });
  expect(JSON.parse(gunzipSync(arrival.raw).toString())).toEqual(
    events.map((event) => ({ TimeGenerated: event.created_at, ...event })),
  );
});

// R342
test('standard output gets a line of JSON for each event', async () => {
  const written: string[] = [];
  await stdoutSink({ write: (text: string) => written.push(text) }).send(events);
  expect(readLines(written.join(''))).toEqual(events.map((audit) => ({ event: 'audit.event', audit })));
});

test('tokens are used again until shortly before they expire', async () => {
  const { logStreams } = server.house.eventsOut;
  const before = [all('/gcp/token').length, all('/login/').length];
  const again = async () => {
    await server.signIn();
    await server.house.sealer.seal();
    await logStreams.drain();
    return [all('/gcp/token').length, all('/login/').length];
  };
  expect(await again()).toEqual(before);
  server.clock.advance(3_600_000);
  expect(await again()).toEqual(before.map((count) => count + 1));
});
