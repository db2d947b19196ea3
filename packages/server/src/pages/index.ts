/** The faces a person sees. */
import { type Guards, type Html, html, type RawRequest, type Refusal, type Route } from '../platform/http/index.ts';
import type { Ground, Rooms } from '../server.ts';

export interface Pages {
  routes: Route[];
  /** What is served even when the hosted pages are switched off. */
  assets: Route[];
  guards: Omit<Guards, 'public' | 'client' | 'direct' | 'user' | 'direct_user'>;
  renderRefusal(refusal: Refusal, request: RawRequest): Html;
}

export function createPages(_deps: { ground: Ground; rooms: Rooms }): Pages {
  return {
    routes: [],
    assets: [],
    guards: {},
    renderRefusal: (refusal, request) =>
      html`<!doctype html><title>${refusal.message}</title><p>${refusal.message}</p><p>${request.facts.requestId}</p>`,
  };
}
