import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeBrowser, untilState } from '../test/fake-browser.ts';
import { startLocalServer } from '../test/local-server.ts';
import type { GatehouseClient } from './client.ts';

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

function openTab(environment = {}): GatehouseClient {
  const client = browser.openTab({ baseUrl: server.baseUrl, environment });
  opened.push(client);
  return client;
}
async function openSignedIn(environment = {}): Promise<GatehouseClient> {
  const client = openTab(environment);
  await client.email.verify({ email: 'ada@example.com', code: '123456' });
  return client;
}
async function openTwoTabs(environment = {}): Promise<[GatehouseClient, GatehouseClient]> {
  const first = await openSignedIn(environment);
  const second = openTab(environment);
  await untilState(second, isAuthenticated);
  return [first, second];
}
const stored = () => JSON.parse(browser.items.get('gatehouse.sdk') ?? 'null');
const isAuthenticated = ({ status }: { status: string }) => status === 'authenticated';
const tokenOf = (client: GatehouseClient) => client.session.getState().refreshToken;

describe('the refresh', () => {
  it('happens by itself when it is due, and not before', async () => {
    const client = await openSignedIn();
    const before = tokenOf(client);
    browser.advance(599_999);
    expect(server.count('/session/refresh')).toBe(0);
    const replaced = untilState(client, ({ refreshToken }) => refreshToken !== before);
    browser.advance(1);
    await replaced;
    expect(stored().refreshToken).toBe(tokenOf(client));
    expect(server.count('/session/refresh')).toBe(1);
  });

  it('is sent once however many ask for it together', async () => {
    const client = await openSignedIn();
    browser.clock.now += 899_000;
    await Promise.all([client.session.refresh(), client.session.refresh(), client.me.reload(), client.me.reload()]);
    expect(server.count('/session/refresh')).toBe(1);
  });

  it('needs a session', async () => {
    await expect(openTab().session.refresh()).rejects.toMatchObject({ code: 'missing_session' });
  });

  it('follows when the server refuses an access token that looked good', async () => {
    const client = await openSignedIn();
    let refusals = 1;
    server.before.set('/me', () => {
      if (refusals === 1) server.instead.set('/me', () => server.refuse(401, 'invalid_access_token'));
      else server.instead.delete('/me');
      refusals -= 1;
    });
    await expect(client.me.reload()).resolves.toMatchObject({ user_id: 'user-1' });
    expect(server.count('/session/refresh')).toBe(1);
  });

  it.each(['session_invalidated', 'refresh_token_reused', 'invalid_refresh_token'])(
    'answered with 401 %s signs out',
    async (error) => {
      const client = await openSignedIn();
      server.instead.set('/session/refresh', () => server.refuse(401, error));
      await expect(client.session.refresh()).rejects.toMatchObject({ status: 401, error });
      expect(client.session.getState().status).toBe('anonymous');
      expect(stored()).toBeNull();
    },
  );

  it.each([
    [401, 'invalid_client'],
    [400, 'session_invalidated'],
    [403, 'origin_not_allowed'],
    [429, 'too_many_requests'],
    [500, 'internal_error'],
    [503, 'unavailable'],
  ])('answered with %i %s signs nobody out', async (status, error) => {
    const client = await openSignedIn();
    const before = client.session.getState();
    server.instead.set('/session/refresh', () => server.refuse(status, error));
    await expect(client.session.refresh()).rejects.toMatchObject({ status, error });
    expect(client.session.getState()).toEqual(before);
    expect(stored().refreshToken).toBe(before.refreshToken);
  });

  it('without the network signs nobody out, and comes again with growing delays', async () => {
    const client = await openSignedIn();
    server.instead.set('/session/refresh', 'drop');
    const waits: number[] = [];
    for (const wait of [600_000, 1_000, 2_000]) {
      const scheduled = browser.nextTimer();
      browser.advance(wait);
      await scheduled;
      waits.push(...[...browser.timers].map(({ at }) => at - browser.clock.now));
    }
    expect(waits).toEqual([1_000, 2_000, 4_000]);
    expect(client.session.getState().status).toBe('authenticated');
  });

  it.each(['online', 'visible'] as const)('that failed is tried again at once on %s', async (event) => {
    const client = await openSignedIn();
    server.instead.set('/session/refresh', 'drop');
    const scheduled = browser.nextTimer();
    browser.advance(600_000);
    await scheduled;
    server.instead.clear();
    const before = tokenOf(client);
    browser.fire(event);
    await untilState(client, ({ refreshToken }) => refreshToken !== before);
  });

  it('that cannot be had does not stop work while the old token is good', async () => {
    const client = await openSignedIn();
    server.instead.set('/session/refresh', 'drop');
    browser.clock.now += 700_000;
    await expect(client.me.reload()).resolves.toMatchObject({ user_id: 'user-1' });
    browser.clock.now += 300_000;
    await expect(client.me.reload()).rejects.toMatchObject({ code: 'request_failed', error: 'network_error' });
  });

  it('followed by a failing /me keeps the new tokens', async () => {
    const client = await openSignedIn();
    const before = tokenOf(client);
    server.instead.set('/me', () => server.refuse(503, 'unavailable'));
    await expect(client.session.refresh()).rejects.toMatchObject({ status: 503 });
    expect(tokenOf(client)).not.toBe(before);
    expect(stored().refreshToken).toBe(tokenOf(client));
  });
});

describe('two tabs', () => {
  it('that race for the refresh send one and converge', async () => {
    const [first, second] = await openTwoTabs();
    await Promise.all([first.session.refresh(), second.session.refresh()]);
    expect(server.count('/session/refresh')).toBe(1);
    expect(tokenOf(first)).toBe(tokenOf(second));
    expect(second.session.getState().status).toBe('authenticated');
  });

  it('whose timers fire together send one', async () => {
    const [first, second] = await openTwoTabs();
    const before = tokenOf(first);
    const both = [first, second].map((tab) => untilState(tab, ({ refreshToken }) => refreshToken !== before));
    browser.advance(600_000);
    await Promise.all(both);
    await Promise.all([first.me.reload(), second.me.reload()]);
    expect(server.count('/session/refresh')).toBe(1);
  });

  it('still refresh where the browser refuses locks', async () => {
    const locks = { request: () => Promise.reject(new DOMException('no', 'SecurityError')) };
    const client = await openSignedIn({ locks });
    await expect(client.session.refresh()).resolves.toMatchObject({ status: 'authenticated' });
  });

  it('without locks and events: the loser adopts what the winner stored instead of clearing it', async () => {
    const deaf = { locks: undefined, listen: () => () => undefined };
    const [winner, loser] = await openTwoTabs(deaf);
    server.instead.set('/session/refresh', async () => {
      server.instead.delete('/session/refresh');
      await winner.session.refresh();
      return server.refuse(401, 'invalid_refresh_token');
    });
    await expect(loser.session.refresh()).resolves.toMatchObject({ status: 'authenticated' });
    expect(tokenOf(loser)).toBe(tokenOf(winner));
  });

  it('do not lose a sign-in that happens during the other’s refresh', async () => {
    const [first, second] = await openTwoTabs();
    let signedInSessionId: string | null = null;
    server.before.set('/session/refresh', async () => {
      ({ sessionId: signedInSessionId } = await second.email.verify({ email: 'ada@example.com', code: '123456' }));
    });
    await first.session.refresh();
    expect(signedInSessionId).not.toBeNull();
    expect(stored().sessionId).toBe(signedInSessionId);
    expect(tokenOf(first)).toBe(tokenOf(second));
  });

  it('both see a sign-in in one of them', async () => {
    const second = openTab();
    const first = await openSignedIn();
    await untilState(second, isAuthenticated);
    expect(second.me.get()).toEqual(first.me.get());
  });
});

describe('session_superseded of an older server', () => {
  it('leads to the winner’s session when it appears within 50 ms', async () => {
    const deaf = { locks: undefined, listen: () => () => undefined };
    const [winner, loser] = await openTwoTabs(deaf);
    server.instead.set('/session/refresh', () => server.refuse(401, 'session_superseded'));
    const polling = browser.nextTimer();
    const result = loser.session.refresh();
    await polling;
    expect(loser.session.getState().status).toBe('recovering');
    server.instead.clear();
    await winner.session.refresh();
    browser.advance(10);
    await expect(result).resolves.toMatchObject({ status: 'authenticated' });
    expect(tokenOf(loser)).toBe(tokenOf(winner));
  });

  it('ends in an anonymous tab with an untouched storage when nobody won', async () => {
    const client = await openSignedIn();
    server.instead.set('/session/refresh', () => server.refuse(401, 'session_superseded'));
    const before = stored();
    let polling = browser.nextTimer();
    const result = client.session.refresh().catch((error: unknown) => error);
    for (let step = 0; step < 5; step += 1) {
      await polling;
      polling = browser.nextTimer();
      browser.advance(10);
    }
    expect(await result).toMatchObject({ error: 'session_superseded' });
    expect(client.session.getState().status).toBe('anonymous');
    expect(stored()).toEqual(before);
  });
});
