import { afterAll, beforeAll, expect, test } from 'vitest';
import { createVisitor } from '../../../test/kit/page-visitor.ts';
import { startTestServer, type TestServer } from '../../../test/kit/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const QUARTER_MS = 15 * 60_000;

test('a name is saved, shown, and taken away again', async () => {
  const visitor = createVisitor(server);
  await visitor.signIn('name@example.com');
  await visitor.open('/account');
  expect((await visitor.submit('/account/name', { display_name: ' Ada ' })).headers.get('location')).toBe('/account');
  const saved = (await visitor.open('/account')).text;
  expect(saved).toContain('value="Ada"');
  expect(saved).toContain('Your name is saved');
  expect((await visitor.open('/account')).text).not.toContain('Your name is saved');
  await visitor.submit('/account/name', { display_name: '' });
  expect((await visitor.open('/account')).text).not.toContain('value="Ada"');
});

test('a name that is too long is refused on the page, and stays in the field', async () => {
  const visitor = createVisitor(server);
  await visitor.signIn('long@example.com');
  await visitor.open('/account');
  const answer = await visitor.submit('/account/name', { display_name: 'x'.repeat(201) });
  expect(answer.status).toBe(400);
  expect(answer.text).toContain('x'.repeat(201));
});

test('one other session is signed out, then all others; this one stays', async () => {
  const here = createVisitor(server);
  const others = [createVisitor(server), createVisitor(server), createVisitor(server)];
  for (const visitor of [...others, here]) await visitor.signIn('many@example.com');
  const page = (await here.open('/account')).text;
  const ends = [...page.matchAll(/action="(\/account\/sessions\/[0-9a-f-]+\/end)"/g)].map(([, action]) => action ?? '');
  expect(ends).toHaveLength(3);
  await here.submit(ends[0] ?? '');
  const alive = async () => {
    const answers = await Promise.all(others.map((visitor) => visitor.open('/account')));
    return answers.filter((answer) => answer.status === 200).length;
  };
  expect(await alive()).toBe(2);
  await here.submit('/account/sessions/end-others');
  expect(await alive()).toBe(0);
  expect((await here.open('/account')).status).toBe(200);
});

test('nobody ends the session of somebody else', async () => {
  const [victim, thief] = [createVisitor(server), createVisitor(server)];
  await victim.signIn('victim@example.com');
  await thief.signIn('thief@example.com');
  await thief.open('/account');
  const id = /_([0-9a-f-]{36})\./.exec(victim.cookies.get('gatehouse_session') ?? '')?.[1];
  expect(id).toBeDefined();
  await thief.submit(`/account/sessions/${id}/end`);
  expect((await victim.open('/account')).status).toBe(200);
});

// W-39
test('a passkey is added only soon after signing in; later the page says how', async () => {
  const visitor = createVisitor(server);
  await visitor.signIn('stale@example.com');
  await visitor.open('/account');
  expect((await visitor.post('/account/passkeys/options', {})).status).toBe(200);
  server.clock.advance(QUARTER_MS + 1);
  const refused = await visitor.post('/account/passkeys/options', {});
  expect([refused.status, refused.body.error]).toEqual([403, 'reauthentication_required']);
  const page = (await visitor.open('/account')).text;
  expect(page).toContain('href="/login?return_to=/account&amp;again=1"');
  expect(page).not.toContain('data-add-passkey');
  const again = await visitor.open('/login?return_to=/account&again=1');
  expect(again.text).toContain('value="stale@example.com"');
});

test('a passkey that is not there is a page with a sentence', async () => {
  const visitor = createVisitor(server);
  await visitor.signIn('none@example.com');
  const path = '/account/passkeys/01890000-0000-7000-8000-000000000000/rename';
  const answer = await visitor.open(path);
  expect(answer.status).toBe(404);
  expect(answer.text).toContain('That passkey is gone');
});

test('a script without a session is told so, a person is led to the sign-in page', async () => {
  const visitor = createVisitor(server);
  await visitor.open('/login');
  expect((await visitor.post('/account/passkeys/options', {})).body.error).toBe('invalid_access_token');
  const led = await visitor.submit('/account/name', { display_name: 'x' });
  expect(led.headers.get('location')).toBe('/login?return_to=%2Faccount');
});
