import { afterAll, beforeAll } from 'vitest';
import type { DatabaseKind } from './databases.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './test-server.ts';

/** A server on a database of its own for the tests of one block; ask for it inside a test. */
export function serveOn(kind: DatabaseKind, settings: TestServerOptions['settings'] = {}): () => TestServer {
  let server: TestServer;
  let forget: () => void;
  beforeAll(async () => {
    const database = await kind.create();
    forget = database.forget;
    server = await startTestServer({ database: database.url, settings });
  });
  afterAll(async () => {
    await server?.close();
    forget?.();
  });
  return () => server;
}

/** Two servers on one database and one clock, as two nodes of one installation. */
export function serveTwiceOn(kind: DatabaseKind): { nodes: () => [TestServer, TestServer]; clock: FakeClock } {
  let nodes: [TestServer, TestServer];
  let forget: () => void;
  const clock = createFakeClock();
  beforeAll(async () => {
    const database = await kind.create();
    forget = database.forget;
    const settings = { 'server.issuer': 'http://localhost:7777' };
    const first = await startTestServer({ database: database.url, settings, clock });
    nodes = [first, await startTestServer({ database: database.url, settings, clock })];
  });
  afterAll(async () => {
    for (const node of nodes ?? []) await node.close();
    forget?.();
  });
  return { nodes: () => nodes, clock };
}
