import type { Answer, TestServer } from './test-server.ts';

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  minLength?: number;
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  minItems?: number;
  minimum?: number;
  minProperties?: number;
  additionalProperties?: boolean;
}

/** One address and method of the API, as the document describes it. */
export interface Operation {
  /** `GET /api/…/{id}`. */
  name: string;
  method: string;
  path: string;
  access: string;
  permission: string | null;
  /** Names of the parameters in the path. */
  parameters: string[];
  /** A body with every required field, or undefined where there is none. */
  sample: unknown;
}

const ID = '01234567-89ab-7000-8000-0123456789ab';

/** Values for shapes that no rule of the schema produces. */
const known: Record<string, unknown> = {
  email: 'sample@example.com',
  code: '000000',
  origin: 'https://sample.example.com',
  url: 'https://sample.example.com/hook',
};

function sampleOf(schema: Schema, components: Record<string, Schema>, name = ''): unknown {
  if (schema.$ref) return sampleOf(components[schema.$ref.split('/').at(-1) ?? ''] ?? {}, components, name);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (known[name] !== undefined) return known[name];
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'string')
    return schema.pattern?.includes('[0-9a-f]{8}') ? ID : 's'.repeat(Math.max(8, schema.minLength ?? 0));
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1;
  if (type === 'boolean') return false;
  if (type === 'array') return schema.minItems ? [sampleOf(schema.items ?? {}, components)] : [];
  const properties = Object.entries(schema.properties ?? {});
  const wanted = properties.filter(([key], at) => schema.required?.includes(key) || at < (schema.minProperties ?? 0));
  return Object.fromEntries(wanted.map(([key, one]) => [key, sampleOf(one, components, key)]));
}

/** Every operation of the API, from the document that the server publishes. */
export async function readOperations(server: TestServer): Promise<Operation[]> {
  const document = (await server.ask('/docs/openapi.json')).body;
  const { schemas } = document.components;
  const operations: Operation[] = [];
  for (const [path, methods] of Object.entries<Record<string, Record<string, never>>>(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const content = operation.requestBody as { content?: { 'application/json': { schema: Schema } } } | undefined;
      const body = content?.content?.['application/json'].schema;
      operations.push({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        access: operation['x-access'] ?? '',
        permission: operation['x-permission'] ?? null,
        parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name),
        sample: body && sampleOf(body, schemas),
      });
    }
  }
  return operations;
}

/** The address of an operation; parameters that are not named are an id that nobody has. */
export function addressOf(operation: Operation, parameters: Record<string, string> = {}): string {
  return operation.path.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? ID);
}

/** Everything of an answer that could tell two of them apart, without the id of the request. */
export function bytesOf({ status, text, headers }: Answer): string {
  const told = [...headers].filter(([name]) => !['date', 'x-request-id', 'content-length'].includes(name));
  return JSON.stringify([status, text.replace(/"request_id":"[^"]+"/, '"request_id":""'), told]);
}
