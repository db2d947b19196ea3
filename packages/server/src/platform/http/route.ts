import type { Static, TSchema } from 'typebox';
import type { RequestFacts } from '../events/index.ts';
import type { Reply } from './reply.ts';

/**
 * Who may call a route, and what the guard learns about the caller. `public` is everybody; each upper floor adds its kinds by
 * declaration merging, and `server.ts` must bring a guard for every one of them.
 */
export interface Callers {
  public: Record<never, never>;
}

export type AccessKind = keyof Callers;

/**
 * The kinds of access that ask for a permission, and which ones there are: `access: { admin: 'clients:write' }`. Filled by
 * declaration merging, like `Callers`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: this floor knows no permission; upper floors merge theirs
export interface Permissions {}

type PermittedKind = keyof Permissions & AccessKind;

/** What a route declares: a kind of caller, and the permission where the kind asks for one. */
export type Access =
  | Exclude<AccessKind, PermittedKind>
  | { [K in PermittedKind]: { readonly [kind in K]: Permissions[K] } }[PermittedKind];

/** The kind of caller behind a declared access. */
export type KindOf<A extends Access> = A extends AccessKind ? A : Extract<keyof A, AccessKind>;

/** A declared access taken apart; `permission` is null where the kind asks for none. */
export function readAccess(access: Access): { kind: AccessKind; permission: string | null } {
  if (typeof access === 'string') return { kind: access, permission: null };
  const [kind = '', permission = ''] = Object.entries<string>(access)[0] ?? [];
  return { kind: kind as AccessKind, permission };
}

/** The parts of a request that guards and handlers read. */
export interface RawRequest {
  method: string;
  /** Path and query, as asked. */
  url: string;
  headers: Record<string, string | string[] | undefined>;
  query: Record<string, string>;
  params: Record<string, string>;
  body: unknown;
  facts: RequestFacts;
}

/** Establishes the caller or throws a refusal; `permission` is what the route asks for, where its kind asks for one. */
export type Guard<C, P = never> = (request: RawRequest, permission: P) => Promise<C> | C;

export type Guards = {
  [K in AccessKind]: Guard<Callers[K], K extends keyof Permissions ? Permissions[K] : never>;
};

type StaticOf<S, Otherwise> = S extends TSchema ? Static<S> : Otherwise;

/** What a handler receives: parsed, validated, and with the caller established. */
export interface RouteRequest<A extends Access, B, Q, P> {
  caller: Callers[KindOf<A>];
  body: StaticOf<B, undefined>;
  query: StaticOf<Q, Record<string, string>>;
  params: StaticOf<P, Record<string, string>>;
  headers: RawRequest['headers'];
  facts: RequestFacts;
}

/** An answer of status 200 that is ready to send; the same object for as long as nothing in it changes. */
export interface PreparedAnswer {
  body: string;
  headers: Record<string, string>;
}

export interface RouteShape<A extends Access, B, Q, P> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  access: A;
  /** One line for the API reference. */
  summary: string;
  /** The chapter of the API reference. */
  tag: string;
  /** A `page` takes urlencoded bodies and is refused in HTML; only routes of kind `api` are in the API reference. */
  kind?: 'api' | 'page' | 'asset';
  /** Which other origins may call it: registered ones with or without cookies, anybody, or nobody. */
  cors?: 'tokens' | 'cookies' | 'anybody' | 'nobody';
  body?: B;
  query?: Q;
  params?: P;
  responses: Record<number, TSchema>;
  /** Codes of the refusals a caller should be ready for, for the API reference. */
  refusals?: readonly string[];
  /** What `handle` answers to a GET that brings nothing along, when that is at hand: it is then sent without asking anybody. */
  prepared?(): PreparedAnswer | null;
  handle(request: RouteRequest<A, B, Q, P>): Promise<unknown | Reply> | unknown | Reply;
}

/** A route whose types are forgotten, as the server keeps it. */
export type Route = RouteShape<Access, TSchema | undefined, TSchema | undefined, TSchema | undefined>;

/** Declares a route; types of body, query and parameters follow from its schemas. */
export function defineRoute<
  const A extends Access,
  B extends TSchema | undefined = undefined,
  Q extends TSchema | undefined = undefined,
  P extends TSchema | undefined = undefined,
>(route: RouteShape<A, B, Q, P>): Route {
  return route as unknown as Route;
}
