import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createGatehouse } from 'gatehouse';

const app = express();
const server = app.listen(Number(process.env.PORT ?? 3000));
await once(server, 'listening');
const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;

const gatehouse = await createGatehouse({
  database: process.env.DATABASE ?? './example.sqlite',
  issuer,
  settings: { 'mail.transport': 'console' },
});

app.use(express.json());
app.post('/echo', (request, response) => {
  response.json(request.body);
});
// Last: Gatehouse answers every address that nothing above took, if only with 404.
app.use(gatehouse.handler);
console.log(issuer);

process.once('SIGTERM', async () => {
  server.close();
  await gatehouse.close();
});
