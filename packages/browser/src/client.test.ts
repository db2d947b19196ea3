import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeBrowser, untilState } from '../test/fake-browser.ts';
import { startLocalServer } from '../test/local-server.ts';
import type { GatehouseClient } from './client.ts';
import { createGatehouse } from './client.ts';

let server: Awaited<ReturnType<typeof startLocalServer>>;
let browser: ReturnType<typeof createFakeBrowser>;
const opened: GatehouseClient[] = [];
beforeEach(async () => {
  server = await startLocalServer();
  browser = createFakeBrowser();
});
afterEach(async () => {
  for (const client of opened.splice(0)) client.close();
  await server.close();
});

const credentials = { email: 'ada@example.com', code: '123456' };
function openTab(options: Partial<Parameters<typeof browser.openTab>[0]> = {}): GatehouseClient {
  const client = browser.openTab({ baseUrl: server.baseUrl, ...options });
  opened.push(client);
  return client;
}
async function openSignedIn(options = {}): Promise<GatehouseClient> {
  const client = openTab(options);
  await client.email.verify(credentials);
  return client;
}
const stored = () => JSON.parse(browser.items.get('gatehouse.sdk') ?? 'null');
const isAnonymous = ({ status }: { status: string }) => status === 'anonymous';
const isAuthenticated = ({ status }: { status: string }) => status === 'authenticated';

describe('sign-in by e-mail', () => {
  it('asks for a code', async () => {
    await expect(openTab().email.start({ email: 'ada@example.com' })).resolves.toEqual({ ok: true });
    expect(server.calls[0]).toMatchObject({ path: '/email/start', body: { email: 'ada@example.com' } });
  });

  it('resolves only after the user is loaded, and stores the session in the documented form', async () => {
    const client = openTab();
    server.before.set('/me', () => expect(client.session.getState().authenticated).toBe(false));
    const state = await client.email.verify(credentials);
    expect(state).toMatchObject({ status: 'authenticated', authenticated: true, me: { user_id: 'user-1' } });
    expect(client.me.get()).toBe(state.me);
    const { status, authenticated, ...snapshot } = state;
    expect(stored()).toEqual(snapshot);
    expect(snapshot.expiresAt).toBe(browser.clock.now + 900_000);
  });

  it('leaves nobody signed in when the user cannot be loaded', async () => {
    const client = await openSignedIn();
    server.instead.set('/me', () => server.refuse(500, 'internal_error'));
    await expect(client.email.verify(credentials)).rejects.toMatchObject({ code: 'request_failed', status: 500 });
    expect(client.session.getState()).toMatchObject({ status: 'anonymous', accessToken: null, me: null });
    expect(stored()).toBeNull();
  });

  it('rejects a wrong code with the server’s word and keeps the state', async () => {
    const client = openTab();
    const wrong = client.email.verify({ ...credentials, code: '000000' });
    await expect(wrong).rejects.toMatchObject({
      name: 'GatehouseSdkError',
      code: 'request_failed',
      status: 401,
      error: 'invalid_email_otp',
    });
    expect(client.session.getState().status).toBe('anonymous');
  });

  it.each(['<html>', '{}', '{"session_id":"s"}', '[]'])(
    'rejects the answer %j of something that is not the server',
    async (body) => {
      server.instead.set('/email/verify', () => ({ status: 200, body }));
      await expect(openTab().email.verify(credentials)).rejects.toMatchObject({ error: 'invalid_answer' });
    },
  );
});

describe('the state', () => {
  it('never mixes the user of an earlier session into a later one', async () => {
    const client = await openSignedIn();
    const arrived = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    server.before.set('/me', () => {
      server.before.delete('/me');
      arrived.resolve();
      return release.promise;
    });
    const reloaded = client.me.reload();
    await arrived.promise;
    const { sessionId } = await client.email.verify(credentials);
    release.resolve();
    await reloaded;
    expect(client.me.get()?.active_sessions[0]?.id).toBe(sessionId);
  });

  it('is frozen to its depth', async () => {
    const state = (await openSignedIn()).session.getState();
    expect(() => Object.assign(state, { status: 'anonymous' })).toThrow(TypeError);
    expect(() => Object.assign(state.me ?? {}, { email: 'eve@example.com' })).toThrow(TypeError);
  });

  it('is told to listeners on every change until they unsubscribe, and one that throws disturbs nobody', async () => {
    const client = openTab();
    const heard: string[] = [];
    const { error } = console;
    console.error = () => undefined;
    client.session.onChange(() => {
      throw new Error('listener');
    });
    const stop = client.session.onChange(({ status }) => heard.push(status));
    await client.email.verify(credentials);
    await client.session.logout();
    stop();
    await client.email.verify(credentials);
    console.error = error;
    expect(heard).toEqual(['authenticated', 'anonymous']);
  });
});

describe('starting', () => {
  it('with nothing stored is anonymous and asks nothing', () => {
    expect(openTab().session.getState().status).toBe('anonymous');
    expect(server.calls).toEqual([]);
  });

  it('with a stored session is recovering, then authenticated', async () => {
    (await openSignedIn()).close();
    const client = openTab();
    expect(client.session.getState()).toMatchObject({ status: 'recovering', authenticated: false });
    await untilState(client, isAuthenticated);
    expect(server.count('/session/refresh')).toBe(0);
  });

  it('with an expired access token refreshes first', async () => {
    (await openSignedIn()).close();
    browser.clock.now += 86_400_000;
    const client = openTab();
    expect(browser.timers.size).toBe(0);
    await untilState(client, isAuthenticated);
    expect(server.count('/session/refresh')).toBe(1);
  });

  it('asks for the user once, however often the tab is looked at meanwhile', async () => {
    (await openSignedIn()).close();
    const calls = server.count('/me');
    const client = openTab();
    for (const event of ['visible', 'online', 'visible'] as const) browser.fire(event);
    await untilState(client, isAuthenticated);
    await client.session.logout();
    expect(server.count('/me')).toBe(calls + 1);
  });

  it('with a session that has ended is anonymous and clears the storage', async () => {
    (await openSignedIn()).close();
    server.endSessions();
    await untilState(openTab(), isAnonymous);
    expect(stored()).toBeNull();
  });

  it.each([
    '{',
    'null',
    '[]',
    '"x"',
    '{"refreshToken":"r"}',
    '{"sessionId":5,"refreshToken":"r"}',
    '{"sessionId":"s"}',
  ])('with the unusable storage %j is anonymous', (text) => {
    browser.items.set('gatehouse.sdk', text);
    expect(openTab().session.getState().status).toBe('anonymous');
  });

  it('without the network shows the known user while the token is good, and tries again', async () => {
    (await openSignedIn()).close();
    server.instead.set('/me', 'drop');
    const client = openTab();
    await untilState(client, isAuthenticated);
    server.instead.clear();
    const calls = server.count('/me');
    const settled = browser.nextTimer();
    browser.advance(1_000);
    await settled;
    expect(server.count('/me')).toBe(calls + 1);
  });

  it('without localStorage fails with sdk_init_failed', () => {
    // This runtime has no localStorage of its own, or one that is switched off.
    const original = Object.getOwnPropertyDescriptor(globalThis, 'localStorage');
    Object.defineProperty(globalThis, 'localStorage', { configurable: true, get: () => undefined });
    expect(() => createGatehouse({ baseUrl: server.baseUrl })).toThrow(
      expect.objectContaining({ code: 'sdk_init_failed' }),
    );
    Object.defineProperty(globalThis, 'localStorage', {
      configurable: true,
      get() {
        throw new DOMException('blocked', 'SecurityError');
      },
    });
    expect(() => createGatehouse({ baseUrl: server.baseUrl })).toThrow(
      expect.objectContaining({ code: 'sdk_init_failed' }),
    );
    if (original) Object.defineProperty(globalThis, 'localStorage', original);
    else Reflect.deleteProperty(globalThis, 'localStorage');
  });

  it.each(['', '/auth', 'ftp://a.example', 'auth.example.com'])(
    'with the base URL %j fails with sdk_init_failed',
    (baseUrl) => {
      expect(() => openTab({ baseUrl })).toThrow(expect.objectContaining({ code: 'sdk_init_failed' }));
    },
  );

  it('with a full storage still signs in, in this tab', async () => {
    const storage = {
      getItem: () => null,
      setItem() {
        throw new DOMException('full', 'QuotaExceededError');
      },
      removeItem: () => undefined,
    };
    const client = await openSignedIn({ storage });
    await expect(client.session.refresh()).resolves.toMatchObject({ status: 'authenticated' });
  });
});

describe('logout', () => {
  it('ends the session on the server and here', async () => {
    const client = await openSignedIn();
    await client.session.logout();
    expect(server.count('/session/logout')).toBe(1);
    expect(client.session.getState().status).toBe('anonymous');
    await expect(client.me.reload()).rejects.toMatchObject({ code: 'missing_session' });
  });

  it.each(['drop', 'fail'])('clears here even when the server does %s', async (way) => {
    const client = await openSignedIn();
    server.instead.set('/session/logout', way === 'drop' ? 'drop' : () => server.refuse(500, 'internal_error'));
    await client.session.logout();
    expect(client.session.getState().status).toBe('anonymous');
    expect(stored()).toBeNull();
  });

  it('refreshes first when the token is about to expire', async () => {
    const client = await openSignedIn();
    browser.clock.now += 899_000;
    await client.session.logout();
    expect(server.calls.map(({ path }) => path).slice(-2)).toEqual(['/session/refresh', '/session/logout']);
  });

  it('signs the other tabs out', async () => {
    const first = await openSignedIn();
    const second = openTab();
    await untilState(second, isAuthenticated);
    await first.session.logout();
    await untilState(second, isAnonymous);
  });

  it('is not undone by a refresh that was under way', async () => {
    const client = await openSignedIn();
    const arrived = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    server.before.set('/session/refresh', () => {
      arrived.resolve();
      return release.promise;
    });
    const refreshed = client.session.refresh();
    await arrived.promise;
    await client.session.logout();
    release.resolve();
    await expect(refreshed).rejects.toMatchObject({ name: 'GatehouseSdkError' });
    expect(client.session.getState().status).toBe('anonymous');
    expect(stored()).toBeNull();
  });
});

it('close stops every timer and listener and leaves the session stored', async () => {
  const client = await openSignedIn();
  expect(browser.timers.size).toBe(1);
  client.close();
  expect(browser.timers.size).toBe(0);
  expect(browser.listenerCount()).toBe(0);
  expect(stored()).not.toBeNull();
});

it('sends the client’s key and never cookies', async () => {
  const sent: RequestInit[] = [];
  const record: typeof fetch = (input, init) => {
    sent.push(init ?? {});
    return fetch(input, init);
  };
  await openTab({ apiKey: 'gh_pk_1', environment: { fetch: record } }).email.start({ email: 'ada@example.com' });
  expect(sent[0]).toMatchObject({ credentials: 'omit', headers: { 'x-api-key': 'gh_pk_1' } });
});
