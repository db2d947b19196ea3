import type { TSchema } from 'typebox';
import { type Route, readAccess } from '../../platform/http/index.ts';

interface Json {
  [key: string]: unknown;
}

/** Shapes with a title become components, so that generated clients have names for them. */
function createComponents() {
  const schemas: Json = {};
  const refer = (schema: unknown): unknown => {
    if (Array.isArray(schema)) return schema.map(refer);
    if (typeof schema !== 'object' || schema === null) return schema;
    const copy: Json = {};
    for (const [key, value] of Object.entries(schema)) copy[key] = refer(value);
    if (typeof copy.title !== 'string') return copy;
    schemas[copy.title] = copy;
    return { $ref: `#/components/schemas/${copy.title}` };
  };
  return { schemas, refer };
}

function parametersOf(route: Route, refer: (schema: unknown) => unknown): Json[] {
  const list = (place: 'path' | 'query', schema: TSchema | undefined): Json[] => {
    const { properties = {}, required = [] } = (schema ?? {}) as { properties?: Json; required?: string[] };
    return Object.entries(properties).map(([name, one]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      schema: refer(one),
    }));
  };
  return [...list('path', route.params), ...list('query', route.query)];
}

function responsesOf(route: Route, refer: (schema: unknown) => unknown): Json {
  const responses: Json = {};
  for (const [status, schema] of Object.entries(route.responses)) {
    const { description = 'The answer.' } = schema as { description?: string };
    responses[status] = { description, content: { 'application/json': { schema: refer(schema) } } };
  }
  const codes = route.refusals?.length ? ` Codes: ${route.refusals.map((code) => `\`${code}\``).join(', ')}.` : '';
  responses.default = {
    description: `A refusal.${codes}`,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  return responses;
}

const PROBLEM: Json = {
  type: 'object',
  required: ['error', 'message', 'request_id'],
  properties: {
    error: { type: 'string', description: 'A stable snake_case code; docs/errors.md lists all of them.' },
    message: { type: 'string' },
    request_id: { type: 'string' },
    details: {
      type: 'array',
      items: { type: 'object', properties: { field: { type: 'string' }, problem: { type: 'string' } } },
    },
  },
};

function operationOf(route: Route, refer: (schema: unknown) => unknown): Json {
  const parameters = parametersOf(route, refer);
  const { kind, permission } = readAccess(route.access);
  return {
    operationId: `${route.method.toLowerCase()}${route.path.replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => (next ?? '').toUpperCase())}`,
    summary: route.summary,
    tags: [route.tag],
    'x-access': kind,
    ...(permission !== null && { 'x-permission': permission }),
    security: kind === 'public' ? [] : [{ [kind]: [] }],
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      // A body that says nothing may be left out.
      requestBody: {
        required: 'required' in route.body,
        content: { 'application/json': { schema: refer(route.body) } },
      },
    }),
    responses: responsesOf(route, refer),
  };
}

/** The OpenAPI 3.1 document of `routes`; `securitySchemes` names one scheme for each access kind. */
export function describeApi(input: {
  routes: readonly Route[];
  issuer: string;
  version: string;
  securitySchemes: Record<string, object>;
}): Json {
  const { schemas, refer } = createComponents();
  const paths: Record<string, Json> = {};
  for (const route of input.routes) {
    if ((route.kind ?? 'api') !== 'api') continue;
    const path = route.path.replace(/:([A-Za-z_]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, refer) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Gatehouse', version: input.version, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: input.issuer }],
    paths,
    components: { schemas: { ...schemas, Problem: PROBLEM }, securitySchemes: input.securitySchemes },
  };
}
