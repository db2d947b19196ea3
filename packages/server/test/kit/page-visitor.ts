import type { Answer, TestServer } from './test-server.ts';

/** A browser without scripts: keeps cookies, sends forms with the token of the page it last saw. */
export interface PageVisitor {
  cookies: Map<string, string>;
  /** Every Set-Cookie received, whole. */
  received: string[];
  open(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Sends a form; the token of the last page goes along unless `fields` has its own. */
  submit(path: string, fields?: Record<string, string>, headers?: Record<string, string>): Promise<Answer>;
  /** What the script of a page sends. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The token in the page seen last. */
  token(): string;
  /** Signs in by e-mail code, as a person would. */
  signIn(email?: string, path?: string): Promise<Answer>;
}

function keep(visitor: Pick<PageVisitor, 'cookies' | 'received'>, answer: Answer): void {
  for (const line of answer.headers.getSetCookie()) {
    visitor.received.push(line);
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '' || /Max-Age=0/.test(line)) visitor.cookies.delete(name);
    else visitor.cookies.set(name, value);
  }
}

/** A visitor with an empty cookie jar. */
export function createVisitor(server: TestServer): PageVisitor {
  const jar = { cookies: new Map<string, string>(), received: [] as string[] };
  let token = '';
  const send = async (path: string, request: { method: string; body?: string; headers: Record<string, string> }) => {
    const cookie = [...jar.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(cookie && { cookie }), ...request.headers };
    const answer = await server.ask(path, { ...request, headers });
    keep(jar, answer);
    token = /name="csrf" value="([^"]+)"/.exec(answer.text)?.[1] ?? token;
    return answer;
  };
  const submit = (path: string, fields = {}, headers = {}) =>
    send(path, {
      method: 'POST',
      body: new URLSearchParams({ csrf: token, ...fields }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: server.url, ...headers },
    });
  return {
    ...jar,
    submit,
    token: () => token,
    open: (path, headers = {}) => send(path, { method: 'GET', headers }),
    post: (path, body, headers = {}) =>
      send(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', 'x-csrf-token': token, origin: server.url, ...headers },
      }),
    async signIn(email = 'ada@example.com', path = '/login') {
      await send(path, { method: 'GET', headers: {} });
      await submit('/login', { email });
      await send('/login/code', { method: 'GET', headers: {} });
      return submit('/login/code', { code: await server.codeFor(email) });
    },
  };
}
