import { afterAll, beforeAll, expect, test } from 'vitest';
import { bareHttp } from '../../../test/kit/bare-http.ts';
import {
  createHttpServer,
  defineRoute,
  type Finished,
  type HttpServer,
  type HttpServerOptions,
  type PreparedAnswer,
} from './index.ts';

const finished: Finished[] = [];
let ready: PreparedAnswer | null = null;
let http: HttpServer;
let url: string;

const route = defineRoute({
  method: 'GET',
  path: '/set',
  access: 'public',
  cors: 'anybody',
  tag: 'x',
  summary: 'x',
  responses: {},
  prepared: () => ready,
  handle: () => ({ from: 'the router' }),
});

let made = 0;
const options: HttpServerOptions = {
  ...bareHttp([route]),
  guards: { public: () => ({}), user: () => ({}) } as never,
  newId: () => `request-${++made}`,
  onFinished: (one) => finished.push(one),
};

beforeAll(async () => {
  http = createHttpServer(options);
  url = `http://127.0.0.1:${await http.listen({ host: '127.0.0.1', port: 0 })}/set`;
});
afterAll(() => http.close());

test('what is for some only cannot be prepared: no guard would be asked', () => {
  const routes = [{ ...route, access: 'user' as const }];
  expect(() => createHttpServer({ ...options, routes })).toThrow('GET /set is not for everybody');
});

test('nothing at hand is answered by the router', async () => {
  ready = null;
  expect(await (await fetch(url)).json()).toEqual({ from: 'the router' });
});

test('what is at hand is answered with the headers of every answer, and told to who observes', async () => {
  ready = { body: '{"grüße":"🌍"}', headers: { 'content-type': 'application/json', 'cache-control': 'public' } };
  finished.length = 0;
  const answer = await fetch(url);
  expect(await answer.json()).toEqual({ grüße: '🌍' });
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('strict-transport-security')).toContain('max-age');
  expect(answer.headers.get('cache-control')).toBe('public');
  const requestId = answer.headers.get('x-request-id') ?? '';
  expect(finished).toMatchObject([{ requestId, method: 'GET', route: '/set', status: 200 }]);
});

test.each([
  ['an origin', { headers: { origin: 'https://app.example.com' } }],
  ['a key', { headers: { 'x-api-key': 'x' } }],
  ['a condition', { headers: { 'if-none-match': '"x"' } }],
])('a request that brings %s along is answered by the router', async (_what, request) => {
  ready = { body: '{}', headers: {} };
  expect(await (await fetch(url, request)).json()).toEqual({ from: 'the router' });
});

test('so is one with a query, or of another method', async () => {
  expect(await (await fetch(`${url}?client_id=x`)).json()).toEqual({ from: 'the router' });
  expect((await fetch(url, { method: 'DELETE' })).status).toBe(405);
});
