import { SystemConfig } from '@gatehouse/protocol';
import { createPages } from '../../src/pages/index.ts';
import type { Route } from '../../src/platform/http/index.ts';
import { ClientSettings } from '../../src/tenancy/clients/client-settings.ts';
import type { TestServer } from '../kit/test-server.ts';

/** As much of JSON Schema as the shapes of the API use. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: readonly unknown[];
  const?: unknown;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  required?: readonly string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  anyOf?: readonly Schema[];
}

export interface Field {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  schema: Schema;
}

/** A route with everything that can be sent to it. */
export interface FuzzRoute {
  /** `GET /api/…/{id}`. */
  name: string;
  method: string;
  path: string;
  access: string;
  fields: Field[];
  body: Schema | null;
}

export interface Described {
  routes: FuzzRoute[];
  /** The shapes that others refer to, by name. */
  components: Record<string, Schema>;
}

interface Operation {
  'x-access': string;
  parameters?: Field[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

function fieldsOf(place: Field['in'], schema: unknown): Field[] {
  const { properties = {}, required = [] } = (schema ?? {}) as Schema;
  const must = (name: string) => place === 'path' || required.includes(name);
  return Object.entries(properties).map(([name, one]) => ({ name, in: place, required: must(name), schema: one }));
}

/** Parameters in the path that no shape speaks of. */
function unsaid(path: string, fields: readonly Field[]): Field[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const missing = names.filter((name) => !fields.some((field) => field.in === 'path' && field.name === name));
  return missing.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
}

/** Shapes that the server believes only after a look of its own, which the document does not show. */
function sharpen(name: string, body: Schema | null): Schema | null {
  if (name === 'PATCH /api/admin/config') return { ...SystemConfig, required: [] } as Schema;
  const { settings } = body?.properties ?? {};
  return settings
    ? { ...body, properties: { ...body?.properties, settings: ClientSettings as unknown as Schema } }
    : body;
}

function ofPage(route: Route): FuzzRoute {
  const path = route.path.replace(/:([A-Za-z_]+)/g, '{$1}');
  const fields = [...fieldsOf('path', route.params), ...fieldsOf('query', route.query)];
  return {
    name: `${route.method} ${path}`,
    method: route.method,
    path,
    access: 'page',
    fields: [...fields, ...unsaid(path, fields)],
    body: (route.body as Schema | undefined) ?? null,
  };
}

/** Every route: those of the document that the server publishes, and the pages and files beside them. */
export async function readRoutes(server: TestServer): Promise<Described> {
  const document = (await server.ask('/docs/openapi.json')).body;
  const routes: FuzzRoute[] = [];
  for (const [path, methods] of Object.entries<Record<string, Operation>>(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const [body] = Object.values(operation.requestBody?.content ?? {});
      const name = `${method.toUpperCase()} ${path}`;
      routes.push({
        name,
        method: method.toUpperCase(),
        path,
        access: operation['x-access'],
        fields: operation.parameters ?? [],
        body: sharpen(name, body?.schema ?? null),
      });
    }
  }
  const { routes: pages, assets } = createPages(server.house);
  const beside = [...pages, ...assets].filter((route) => (route.kind ?? 'api') !== 'api').map(ofPage);
  return { routes: [...routes, ...beside], components: document.components.schemas };
}
