import type { NewId } from '../ids/index.ts';
import type { Refusal } from '../refusals/index.ts';
import type { IsOriginAllowed } from './cors.ts';
import type { Html } from './html.ts';
import type { Guards, RawRequest, Route } from './route.ts';

/** What one request came to, for logs and metrics. */
export interface Finished {
  requestId: string;
  method: string;
  /** The pattern of the route, never the address itself, which may hold secrets. */
  route: string;
  status: number;
  durationMs: number;
}

/** The page for a refusal, and the headers that only it needs. */
export interface RefusalPage {
  page: Html;
  headers: Record<string, string>;
}

/** How a server closes, in milliseconds. */
export interface Close {
  /** How long it goes on as before, but asks every client for another connection: a balancer needs time to turn elsewhere. None unless told. */
  delayMs?: number;
  /** What is under way for longer than this, after the delay, is cut; without it, nothing. */
  graceMs?: number;
}

export interface HttpServerOptions {
  issuer: string;
  routes: readonly Route[];
  guards: Guards;
  newId: NewId;
  bodyLimitBytes: number;
  trustedProxies: readonly string[];
  isOriginAllowed: IsOriginAllowed;
  /** Draws the page shown when a hosted page refuses or fails, or there is none. */
  renderRefusal(refusal: Refusal, request: RawRequest): Promise<RefusalPage>;
  onFinished(finished: Finished): void;
  onFault(error: unknown, requestId: string): void;
}
