import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, startTestServer, type TestServer } from '../kit/test-server.ts';

type Parser = (body: string) => unknown;
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Posts to the handler mounted behind a program that reads bodies first, and keeps what `parse` makes of them. */
async function postThrough(parse: Parser, body: string, contentType = 'application/json') {
  const program = createServer(async (request: IncomingMessage & { body?: unknown }, response) => {
    request.body = parse(await text(request));
    server.house.http.handle(request, response);
  }).listen(0, '127.0.0.1');
  await once(program, 'listening');
  const url = `http://127.0.0.1:${(program.address() as AddressInfo).port}/email/start`;
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': contentType }, body });
  const answer = { status: response.status, body: (await response.json()) as Answer['body'] };
  program.close();
  return answer;
}

test.each<[string, Parser]>([
  ['as an object', JSON.parse],
  ['as text', (body) => body],
  ['as bytes', (body) => Buffer.from(body)],
])('a body that the program around it kept %s is taken from there', async (_title, parse) => {
  const body = '{ "email":  "mounted@example.com" }';
  expect(await postThrough(parse, body)).toEqual({ status: 200, body: { ok: true } });
});

test('a form that the program around it has read is still a form', async () => {
  const parse = (body: string) => Object.fromEntries(new URLSearchParams(body));
  const answer = await postThrough(parse, 'email=no-address', 'application/x-www-form-urlencoded');
  expect(answer.body.details).toEqual([{ field: 'email', problem: 'is not an e-mail address' }]);
});

test('a body that was read and thrown away is answered as a fault instead of waiting for it', async () => {
  const answer = await postThrough(() => undefined, '{"email":"mounted@example.com"}');
  expect(answer).toMatchObject({ status: 500, body: { error: 'internal_error' } });
});

// T-081
test('a hostile body is refused whoever has read it first', async () => {
  const answer = await postThrough(JSON.parse, '{"email":"mounted@example.com","__proto__":{"admin":true}}');
  expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
});
