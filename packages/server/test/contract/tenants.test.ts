import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseKinds } from '../kit/databases.ts';
import { startTestServer, type TestServer } from '../kit/test-server.ts';

interface Product {
  id: string;
  apiKey: string;
}

interface Tokens {
  access_token: string;
  refresh_token: string;
  user: { id: string; email: string };
}

const PEOPLE = 12;
const BASE = '/api/admin/clients';

/** Two products on one installation, whose users have the same addresses. */
describe.each(databaseKinds())('two clients on one $name', (kind) => {
  let server: TestServer;
  let products: [Product, Product];
  let forget: () => void;

  beforeAll(async () => {
    const database = await kind.create();
    forget = database.forget;
    server = await startTestServer({ database: database.url });
    const add = async (name: string): Promise<Product> => {
      const { body } = await server.askAsOwner(BASE, { body: { name, slug: name } });
      return { id: body.client.id, apiKey: body.api_key };
    };
    products = [await add('left'), await add('right')];
  });
  afterAll(async () => {
    await server?.close();
    forget?.();
  });

  const at = (product: Product) => ({ 'x-api-key': product.apiKey });

  async function signIn(product: Product, email: string): Promise<Tokens> {
    server.clock.advance(1);
    const headers = at(product);
    await server.ask('/api/auth/email-code/send', { body: { email }, headers });
    const body = { email, code: await server.codeFor(email), token_transport: 'json' };
    const answer = await server.ask('/api/auth/email-code/verify', { body, headers });
    expect(answer.status).toBe(200);
    return answer.body;
  }

  const me = (product: Product, token: string) => server.ask('/api/auth/me', { token, headers: at(product) });
  const refresh = (product: Product, token: string) =>
    server.ask('/api/auth/refresh', { body: { refresh_token: token }, headers: at(product) });

  // T-078, T-071, R003, R004
  test('the same addresses in both, used in turn and at once: nothing of one is ever the other’s', async () => {
    const people = Array.from({ length: PEOPLE }, (_, index) => `person-${index}@example.com`);
    const signedIn: [Tokens, Tokens][] = [];
    for (const email of people) signedIn.push([await signIn(products[0], email), await signIn(products[1], email)]);
    const ids = signedIn.flatMap(([left, right]) => [left.user.id, right.user.id]);
    expect(new Set(ids).size).toBe(2 * PEOPLE);
    const checks = signedIn.flatMap(([left, right]) => [
      me(products[0], left.access_token).then(({ status, body }) =>
        expect([status, body.user?.id]).toEqual([200, left.user.id]),
      ),
      me(products[1], right.access_token).then(({ status, body }) =>
        expect([status, body.user?.id]).toEqual([200, right.user.id]),
      ),
      me(products[1], left.access_token).then(({ status }) => expect(status).toBe(401)),
      me(products[0], right.access_token).then(({ status }) => expect(status).toBe(401)),
      refresh(products[1], left.refresh_token).then(({ status }) => expect(status).toBe(401)),
      refresh(products[0], right.refresh_token).then(({ status }) => expect(status).toBe(401)),
    ]);
    await Promise.all(checks);
    const again = await Promise.all(
      signedIn.flatMap(([left, right]) => [
        refresh(products[0], left.refresh_token),
        refresh(products[1], right.refresh_token),
      ]),
    );
    expect(again.map((answer) => answer.body.user?.id)).toEqual(ids);
  });

  // T-078
  test('a code of one is no code of the other', async () => {
    const email = 'codes@example.com';
    await server.ask('/api/auth/email-code/send', { body: { email }, headers: at(products[0]) });
    const code = await server.codeFor(email);
    const verify = (product: Product) =>
      server.ask('/api/auth/email-code/verify', { body: { email, code }, headers: at(product) });
    expect((await verify(products[1])).status).toBe(401);
    expect((await verify(products[0])).status).toBe(200);
  });

  test('a session of one cannot be listed or ended with a token of the other', async () => {
    const left = await signIn(products[0], 'sessions@example.com');
    const right = await signIn(products[1], 'sessions@example.com');
    const list = async (tokens: Tokens) =>
      (await server.ask('/api/auth/sessions', { token: tokens.access_token })).body.sessions as { id: string }[];
    const [mine, theirs] = [await list(left), await list(right)];
    expect(mine.map((one) => one.id)).not.toContain(theirs[0]?.id);
    const end = await server.ask(`/api/auth/sessions/${theirs[0]?.id}`, { method: 'DELETE', token: left.access_token });
    expect(end.status).toBe(404);
    expect((await me(products[1], right.access_token)).status).toBe(200);
  });

  test('the settings of one leave the other as it was', async () => {
    const body = { settings: { access_token_ttl_seconds: 60 } };
    await server.askAsOwner(`${BASE}/${products[0].id}`, { method: 'PATCH', body });
    const life = async (product: Product) => {
      const { access_token: token } = await signIn(product, 'settings@example.com');
      const { exp, iat } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
      return exp - iat;
    };
    expect([await life(products[0]), await life(products[1])]).toEqual([60, 900]);
  });

  test('the keys of one can be rotated at once without a word to the other', async () => {
    const [left, right] = [
      await signIn(products[0], 'keys@example.com'),
      await signIn(products[1], 'keys@example.com'),
    ];
    const path = `${BASE}/${products[0].id}/rotate-secret`;
    expect((await server.askAsOwner(path, { body: { immediate: true } })).status).toBe(200);
    expect((await me(products[0], left.access_token)).status).toBe(401);
    expect((await me(products[1], right.access_token)).status).toBe(200);
  });
});
