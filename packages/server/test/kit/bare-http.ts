import type { HttpServerOptions, Route } from '../../src/platform/http/index.ts';

/** What a server of these public routes needs, with nothing of the house around it. */
export function bareHttp(routes: readonly Route[]): HttpServerOptions {
  return {
    issuer: 'https://auth.example.com',
    routes,
    guards: { public: () => ({}) } as never,
    newId: () => 'an id',
    bodyLimitBytes: 1024,
    trustedProxies: [],
    isOriginAllowed: async () => null,
    renderRefusal: async () => ({ page: { markup: '' }, headers: {} }),
    onFinished: () => undefined,
    onFault: () => undefined,
  };
}
