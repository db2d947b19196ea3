import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { bareHttp } from '../../../test/kit/bare-http.ts';
import { createHttpServer, defineRoute } from './index.ts';

const WAITING = 50;

const route = defineRoute({
  method: 'GET',
  path: '/here',
  access: 'public',
  cors: 'anybody',
  tag: 'x',
  summary: 'x',
  responses: {},
  handle: () => ({}),
});

/** Asks at once, on a connection of its own: how the answer begins, or what became of the connection. */
function askAlone(port: number): { connected: Promise<void>; answer: Promise<string> } {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let told = '';
  socket.on('data', (chunk) => {
    told += chunk;
  });
  const answer = new Promise<string>((resolve) => {
    socket.on('error', ({ message }) => resolve(message));
    socket.on('close', () => resolve(told.slice(0, 12)));
  });
  const connected = new Promise<void>((resolve) => socket.once('connect', resolve));
  socket.write('GET /here HTTP/1.1\r\nHost: localhost\r\n\r\n');
  return { connected, answer };
}

//
test('connections that wait while a server closes are taken, and what was asked on them is answered', async () => {
  const http = createHttpServer(bareHttp([route]));
  const port = await http.listen({ host: '127.0.0.1', port: 0 });
  const waiting = Array.from({ length: WAITING }, () => askAlone(port));
  await Promise.all(waiting.map(({ connected }) => connected));
  await http.close();
  const answers = await Promise.all(waiting.map(({ answer }) => answer));
  expect(answers).toEqual(waiting.map(() => 'HTTP/1.1 200'));
});
