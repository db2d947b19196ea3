// Serves the page of this folder, as any server of static files would; the address of Gatehouse may be another one.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const gatehouse = process.env.AUTH_ISSUER ?? 'http://localhost:7777';
const files: Record<string, [name: string, type: string]> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/app.js': ['app.js', 'text/javascript; charset=utf-8'],
};

const server = createServer(async (request, response) => {
  const [name, type] = files[request.url ?? ''] ?? [];
  if (name === undefined) {
    response.writeHead(404).end();
    return;
  }
  const text = await readFile(new URL(name, import.meta.url), 'utf8');
  response.writeHead(200, { 'content-type': type }).end(text.replaceAll('http://localhost:7777', gatehouse));
});

server.listen(Number(process.env.PORT ?? 3000), () => {
  console.log(`http://localhost:${(server.address() as AddressInfo).port}`);
});
