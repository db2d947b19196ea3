import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPair, jwtVerify, SignJWT } from 'jose';

type Answer = { readonly status: number; readonly body: unknown };
type Ask = { readonly path: string; readonly body: Record<string, unknown>; readonly bearer: string };
type Handler = (ask: Ask) => Promise<Answer> | Answer;

const refuse = (status: number, error: string): Answer => ({
  status,
  body: { error, message: 'No.', request_id: 'r' },
});

/** What a test may look at and change of the server. */
function createControl(sessions: Map<string, { refreshToken: string }>) {
  const calls: Ask[] = [];
  return {
    lifetimeSeconds: 900,
    calls,
    /** Answers instead of the real ones, by path. `drop` closes the connection without an answer. */
    instead: new Map<string, Handler | 'drop'>(),
    /** Called before an answer to the path is worked out. */
    before: new Map<string, () => Promise<void> | void>(),
    endSessions: () => sessions.clear(),
    count: (path: string) => calls.filter((call) => call.path === path).length,
  };
}

type Control = ReturnType<typeof createControl>;

// long: the contract, one entry an address
async function createHandlers(
  sessions: Map<string, { refreshToken: string }>,
  control: Control,
): Promise<Record<string, Handler>> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  async function issueTokens(sessionId: string): Promise<Answer> {
    const refreshToken = `rt_${randomBytes(8).toString('hex')}`;
    sessions.set(sessionId, { refreshToken });
    const accessToken = await new SignJWT({ sid: sessionId, token_use: 'access' })
      .setProtectedHeader({ alg: 'ES256', kid: 'k', typ: 'at+jwt' })
      .setJti(randomUUID())
      .sign(privateKey);
    const body = {
      session_id: sessionId,
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: control.lifetimeSeconds,
      refresh_token: refreshToken,
      refresh: { transport: 'json', cookie_name: 'r', expires_in: 604_800 },
      user: { id: 'user-1', email: 'ada@example.com', email_verified: true },
    };
    return { status: 200, body };
  }

  async function findSession(bearer: string): Promise<string | undefined> {
    const verified = await jwtVerify(bearer, publicKey).catch(() => undefined);
    const sessionId = verified?.payload.sid;
    return typeof sessionId === 'string' && sessions.has(sessionId) ? sessionId : undefined;
  }

  const asUser =
    (run: (sessionId: string, ask: Ask) => Answer): Handler =>
    async (ask) => {
      const sessionId = await findSession(ask.bearer);
      return sessionId === undefined ? refuse(401, 'invalid_access_token') : run(sessionId, ask);
    };
  const offer = () => ({
    status: 200,
    body: { request_id: 'request-1', publicKey: { challenge: 'AQID', user: { id: 'BA' } } },
  });
  const me = (sessionId: string) => ({
    user_id: 'user-1',
    email: 'ada@example.com',
    webauthn_credentials: [],
    active_sessions: [{ id: sessionId, created_at: '2026-01-01T00:00:00Z', expires_at: '2026-01-08T00:00:00Z' }],
  });

  return {
    '/email/start': () => ({ status: 200, body: { ok: true } }),
    '/email/verify': ({ body }) =>
      body.code === '123456' ? issueTokens(randomUUID()) : refuse(401, 'invalid_email_otp'),
    '/session/refresh': ({ body }) => {
      const sessionId = String(body.session_id);
      const session = sessions.get(sessionId);
      if (!session) return refuse(401, 'session_invalidated');
      if (session.refreshToken === body.refresh_token) return issueTokens(sessionId);
      sessions.delete(sessionId);
      return refuse(401, 'refresh_token_reused');
    },
    '/session/logout': asUser((sessionId) => {
      sessions.delete(sessionId);
      return { status: 200, body: { ok: true } };
    }),
    '/me': asUser((sessionId) => ({ status: 200, body: me(sessionId) })),
    '/webauthn/authenticate/options': offer,
    '/webauthn/authenticate/verify': () => issueTokens(randomUUID()),
    '/webauthn/register/options': asUser(offer),
    '/webauthn/register/verify': asUser(() => ({ status: 200, body: { ok: true } })),
    '/webauthn/credentials/credential-1': asUser(() => ({ status: 200, body: { ok: true } })),
  };
}

/** Starts a real HTTP server that speaks the documented contract, strictly: a replaced refresh token ends the session. */
export async function startLocalServer() {
  const sessions = new Map<string, { refreshToken: string }>();
  const control = createControl(sessions);
  const handlers = await createHandlers(sessions, control);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const text = Buffer.concat(await request.toArray()).toString();
    const bearer = (request.headers.authorization ?? '').replace('Bearer ', '');
    const ask = { path, body: text ? JSON.parse(text) : {}, bearer };
    control.calls.push(ask);
    await control.before.get(path)?.();
    const handler = control.instead.get(path) ?? handlers[path];
    if (handler === 'drop') return void request.socket.destroy();
    const { status, body } = handler ? await handler(ask) : refuse(404, 'not_found');
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...control,
    refuse,
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
