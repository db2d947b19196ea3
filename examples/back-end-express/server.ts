import type { AddressInfo } from 'node:net';
import { createVerifier } from '@gatehouse/node';
import { requireAuth } from '@gatehouse/node/express';
import express from 'express';

const issuer = process.env.AUTH_ISSUER ?? 'http://localhost:7777';
const verifier = createVerifier({ issuer, clientId: 'default' });

const app = express();
app.get('/orders', requireAuth(verifier), (request, response) => {
  response.json({ orders: [], of: request.authData?.userId });
});

const server = app.listen(Number(process.env.PORT ?? 3000), () => {
  console.log(`http://localhost:${(server.address() as AddressInfo).port}`);
});
