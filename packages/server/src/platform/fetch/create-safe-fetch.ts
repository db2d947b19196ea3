import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
import { type AllowedPrivate, isAllowedAddress } from './address-policy.ts';
import { checkTarget } from './check-target.ts';
import { FetchRefusal } from './fetch-refusal.ts';

const WEB_PORTS = [80, 443, 8080, 8443];
const OWN_HEADERS = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'proxy-authorization',
]);

/** Finds the addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/** What is allowed and how much. */
export interface SafeFetchOptions {
  /** Also loopback and private networks, all or those named; for development and closed networks. */
  readonly allowPrivate?: AllowedPrivate;
  /** For the whole exchange, name resolution included; 5000 unless given. */
  readonly timeoutMs?: number;
  /** Of the answer's body; 1 MiB unless given. */
  readonly maxBytes?: number;
  /** 80, 443, 8080 and 8443 unless given. */
  readonly ports?: readonly number[] | 'any';
  readonly resolve?: Resolve;
}

/** A request to make. GET unless given. */
export interface SafeRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** An answer of any status; a redirect is an answer like another. Header names are lower-case. */
export interface SafeResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Fetches an address, or throws a FetchRefusal. */
export type SafeFetch = (url: string, request?: SafeRequest) => Promise<SafeResponse>;

/** Creates a fetch for addresses that a stranger named. It never follows redirects and never uses a proxy. */
export function createSafeFetch(options: SafeFetchOptions = {}): SafeFetch {
  const { timeoutMs = 5000, maxBytes = 1_048_576, ports = WEB_PORTS } = options;
  return async (address, request = {}) => {
    const url = checkTarget(address, ports);
    checkHeaders(request.headers ?? {});
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const pinned = await bounded(findAddresses(url.hostname, options), signal);
      return await exchange({ url, request, pinned, signal, maxBytes });
    } catch (error) {
      if (error instanceof FetchRefusal) throw error;
      if (signal.aborted) throw new FetchRefusal('timed_out', 'The server did not answer in time.');
      throw new FetchRefusal('connection_failed', 'The server could not be reached.');
    }
  };
}

/** Refuses what is wrong with an address before its name is resolved. Throws FetchRefusal. */
export function checkAddress(address: string, options: SafeFetchOptions = {}): void {
  const { hostname } = checkTarget(address, options.ports ?? WEB_PORTS);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0 && !isAllowedAddress(host, options.allowPrivate ?? false)) throw notPublic();
}

function notPublic(): FetchRefusal {
  return new FetchRefusal('address_refused', 'The host is not on the public internet.');
}

function checkHeaders(headers: Readonly<Record<string, string>>): void {
  const own = Object.keys(headers).some((name) => OWN_HEADERS.has(name.toLowerCase()));
  if (own) throw new FetchRefusal('header_refused', 'The request sets a header that belongs to the connection.');
}

type Address = Awaited<ReturnType<Resolve>>[number];

/** Every address a name has must be allowed: one bad one is an attempt, not an accident. */
async function findAddresses(hostname: string, options: SafeFetchOptions): Promise<readonly Address[]> {
  const { allowPrivate = false, resolve = resolveHost } = options;
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(host);
  const addresses = family === 0 ? await resolve(host).catch(() => []) : [{ address: host, family }];
  if (addresses.length === 0) throw new FetchRefusal('host_not_found', 'The host name has no address.');
  if (addresses.every(({ address }) => isAllowedAddress(address, allowPrivate))) return addresses;
  throw notPublic();
}

function resolveHost(host: string): ReturnType<Resolve> {
  return lookup(host, { all: true });
}

interface Exchange {
  readonly url: URL;
  readonly request: SafeRequest;
  readonly pinned: readonly Address[];
  readonly signal: AbortSignal;
  readonly maxBytes: number;
}

async function exchange({ url, request, pinned, signal, maxBytes }: Exchange): Promise<SafeResponse> {
  const { Agent, request: send } = await import('undici');
  // One agent per exchange: a connection is never reused for a name whose addresses were not checked this time.
  const agent = new Agent({ connect: { lookup: pinnedLookup(pinned) }, maxHeaderSize: 16_384, connections: 1 });
  try {
    const { method = 'GET', headers = {}, body = null } = request;
    const answer = await send(url, { dispatcher: agent, method, headers: { ...headers }, body, signal });
    const bytes = await readBounded(answer.body, maxBytes);
    return { status: answer.statusCode, headers: flatHeaders(answer.headers), body: bytes };
  } finally {
    await agent.destroy();
  }
}

/** Answers every lookup of the connection with the addresses that were checked, so that no second resolution happens. */
function pinnedLookup(pinned: readonly Address[]): LookupFunction {
  return (_host, options, callback) => {
    const [first] = pinned;
    if (options.all) callback(null, [...pinned]);
    else callback(null, first?.address ?? '', first?.family ?? 4);
  };
}

async function readBounded(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new FetchRefusal('answer_too_large', 'The answer is larger than allowed.');
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function flatHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]));
}

/** Waits no longer than the signal; what is still running is left behind. */
async function bounded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
