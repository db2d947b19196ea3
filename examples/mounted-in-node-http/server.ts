import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGatehouse } from 'gatehouse';

const server = createServer().listen(Number(process.env.PORT ?? 3000));
await once(server, 'listening');
const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;

const gatehouse = await createGatehouse({
  database: process.env.DATABASE ?? './example.sqlite',
  issuer,
  settings: { 'mail.transport': 'console' },
});

server.on('request', (request, response) => {
  if (request.url === '/hello') response.end('Hello from a route of your own.\n');
  else gatehouse.handler(request, response);
});
console.log(issuer);

process.once('SIGTERM', async () => {
  server.close();
  await gatehouse.close();
});
