import fc from 'fast-check';
import { garbageBody, nastyText, plainText, writeJson } from './nasty.ts';
import type { FuzzRoute } from './read-routes.ts';
import { type Knowledge, spoil, valuesFor } from './values.ts';

/** One request, as it goes over the wire. */
export interface FuzzRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

/** What a caller shows; `name` says it without telling it. */
export interface Credential {
  name: string;
  headers: Record<string, string>;
  /** The token that forms of pages carry. */
  csrf?: string;
}

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** A network of its own for each request, so that no limit for one network hides the route behind it. */
const network = fc
  .tuple(fc.nat(255), fc.nat(255), fc.nat(255))
  .map(([a, b, c]) => ({ 'x-forwarded-for': `10.${a}.${b}.${c}` }));

/** What HTTP allows in a header, and Node sends. */
function headerText(text: string): string {
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, 3000);
}

function pathOf(route: FuzzRoute, values: Record<string, unknown>): string {
  const written = (name: string) => encodeURIComponent(plainText(values[name] ?? '').toWellFormed()) || '%20';
  return route.path.replace(/\{(\w+)\}/g, (_, name: string) => written(name));
}

function queryOf(values: Record<string, unknown>): string {
  const encoded = (value: unknown) => encodeURIComponent(plainText(value).toWellFormed());
  const pairs = Object.entries(values).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => `${encoded(name)}=${encoded(one)}`),
  );
  return pairs.length > 0 ? `?${pairs.join('&')}`.slice(0, 12_000) : '';
}

function formOf(body: unknown, csrf: string | undefined): string {
  const form = new URLSearchParams(csrf === undefined ? [] : [['csrf', csrf]]);
  for (const [name, value] of Object.entries(Object(body)))
    form.append(name, (typeof value === 'string' ? value : writeJson(value)).toWellFormed());
  return form.toString();
}

function recordOf(route: FuzzRoute, place: 'path' | 'query', of: Knowledge): fc.Arbitrary<Record<string, unknown>> {
  const fields = route.fields.filter((field) => field.in === place);
  // An `id` is one of whatever stands before it.
  const nameOf = (name: string) => new RegExp(`(\\w+)/\\{${name}\\}`).exec(route.path)?.[1] ?? '';
  const knownAs = (name: string) => (name === 'id' ? `${nameOf(name)}.id` : name);
  const shapes = Object.fromEntries(fields.map(({ name, schema }) => [name, valuesFor(schema, of, knownAs(name))]));
  const required = fields.filter((field) => field.required).map(({ name }) => name);
  return fc.record(shapes, { requiredKeys: required as never[] }) as fc.Arbitrary<Record<string, unknown>>;
}

type Parts = { path: Record<string, unknown>; query: Record<string, unknown>; body: unknown };

/** The parts of a request as they should be, or with one thing wrong in one of them: two mistakes at once hide each other. */
function mostlySpoilt(parts: { [K in keyof Parts]: fc.Arbitrary<Parts[K]> }): fc.Arbitrary<Parts> {
  const right = fc.record(parts) as fc.Arbitrary<Parts>;
  const wrong = (part: keyof Parts) => fc.record({ ...parts, [part]: spoil(parts[part]) }) as fc.Arbitrary<Parts>;
  return fc.oneof(
    { weight: 4, arbitrary: right },
    { weight: 4, arbitrary: wrong('body') },
    { weight: 1, arbitrary: wrong('query') },
    { weight: 1, arbitrary: wrong('path') },
  );
}

/** Somebody who may come in, mostly; else nobody. */
function oneOf(credentials: readonly Credential[]): fc.Arbitrary<Credential> {
  const nobody = fc.constant({ name: 'nobody', headers: {} });
  if (credentials.length === 0) return nobody;
  return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...credentials) }, { weight: 1, arbitrary: nobody });
}

/** Requests made from the schema of the route: right ones, and ones with one field wrong. */
export function schemaRequests(
  route: FuzzRoute,
  of: Knowledge & { credentials: readonly Credential[] },
): fc.Arbitrary<FuzzRequest> {
  const isPage = route.access === 'page';
  const body = route.body ?? (isPage && route.method === 'POST' ? { type: 'object', properties: of.pageFields } : null);
  const bodies = body === null ? fc.constant(undefined) : valuesFor(body, of, '');
  const made = mostlySpoilt({ path: recordOf(route, 'path', of), query: recordOf(route, 'query', of), body: bodies });
  const form = isPage ? fc.boolean() : fc.constant(false);
  const parts = fc
    .record({ made, as: oneOf(of.credentials), network, form })
    .map(({ made: { path, query, body: value }, ...rest }) => ({ path, query, body: value, ...rest }));
  return parts.map((part) => {
    const text = part.form ? formOf(part.body, part.as.csrf) : writeJson(part.body);
    const hasBody = body !== null && part.body !== undefined && route.method !== 'GET';
    return {
      method: route.method,
      path: pathOf(route, part.path) + queryOf(part.query),
      headers: {
        ...part.network,
        ...part.as.headers,
        ...(isPage && part.as.csrf && { 'x-csrf-token': part.as.csrf }),
        ...(hasBody && { 'content-type': part.form ? FORM_TYPE : JSON_TYPE }),
      },
      body: hasBody ? text : null,
    };
  });
}

const contentTypes = [
  JSON_TYPE,
  JSON_TYPE,
  JSON_TYPE,
  'application/json; charset=utf-7',
  'APPLICATION/JSON;;;',
  'application/jsonx',
  FORM_TYPE,
  'multipart/form-data; boundary=x',
  'text/plain',
  'application/xml',
  ',',
];
const methods = ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'GET', 'TRACE', 'PROPFIND', 'QUERY', 'MKCOL'];
const strangeHeaders = [
  'authorization',
  'cookie',
  'x-api-key',
  'x-admin-key',
  'origin',
  'referer',
  'accept-language',
  'user-agent',
  'accept',
  'host',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'forwarded',
  'content-encoding',
  'expect',
  'if-none-match',
  'range',
  'x-csrf-token',
  'x-http-method-override',
  'last-event-id',
];
const prefixes = ['', 'Bearer ', 'bearer  ', 'Basic ', 'Bearer gh_rt_', 'auth_refresh=', 'q=0.9,', '%', '"', '::1, '];
const pathTails = [
  '',
  '',
  '',
  '/',
  '//',
  '?',
  '?%',
  '?%zz=%00',
  '?__proto__[polluted]=1',
  '?a=1&a=2',
  '/%2e%2e',
  '%00',
  '/%zz',
  '/%c0%ae',
  `/${'a'.repeat(300)}`,
];
/** A browser is answered with pages where a program is answered with JSON. */
const accepts = [{}, {}, { accept: 'text/html' }, { accept: '*/*' }, { accept: JSON_TYPE }];

/** Requests that care for no schema: broken bodies, wrong types, odd methods, odd headers, odd addresses. */
export function garbageRequests(
  route: FuzzRoute,
  of: Knowledge & { credentials: readonly Credential[] },
): fc.Arbitrary<FuzzRequest> {
  const header = fc
    .tuple(fc.constantFrom(...strangeHeaders), fc.constantFrom(...prefixes), nastyText)
    .map(([name, prefix, text]): [string, string] => [name, headerText(prefix + text)]);
  const parts = fc.record({
    path: recordOf(route, 'path', of),
    tail: fc.constantFrom(...pathTails),
    method: fc.oneof({ weight: 3, arbitrary: fc.constant(route.method) }, fc.constantFrom(...methods)),
    type: fc.constantFrom(...contentTypes),
    body: garbageBody,
    as: oneOf(of.credentials),
    network,
    accept: fc.constantFrom(...accepts),
    headers: fc.array(header, { maxLength: 3 }),
  });
  return parts.map((part) => ({
    method: part.method,
    path: pathOf(route, part.path) + part.tail,
    headers: {
      ...part.network,
      ...part.as.headers,
      ...part.accept,
      'content-type': part.type,
      ...Object.fromEntries(part.headers),
    },
    body: part.body,
  }));
}
