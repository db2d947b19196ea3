import fc from 'fast-check';
import { nasty } from './nasty.ts';
import type { Schema } from './read-routes.ts';

/** What the values of a field are made from, beside its own schema. */
export interface Knowledge {
  components: Record<string, Schema>;
  /** Values that mean something to this server, by the name of the field: ids that exist, the address of a user. */
  known: Record<string, readonly unknown[]>;
  /** The fields that forms of pages may have: pages read them one by one. */
  pageFields: Record<string, Schema>;
}

function textOf(schema: Schema): fc.Arbitrary<string> {
  const { minLength = 0, maxLength = 200, pattern } = schema;
  const plain = fc.oneof(
    fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 40) }),
    fc.constantFrom(minLength, Math.min(maxLength, 3000)).map((length) => 'x'.repeat(length)),
    fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, minLength + 20) }),
  );
  // Lookaheads are more than the generator of texts by pattern can do.
  if (pattern === undefined || pattern.includes('(?')) return plain;
  return fc.stringMatching(new RegExp(pattern)).filter((text) => text.length <= maxLength);
}

/** Where a schema names no end, numbers go on for as long as JSON can write them. */
function numberOf({ minimum = 0, maximum = 1e300 }: Schema): fc.Arbitrary<number> {
  const edges = [minimum, maximum, Math.min(2 ** 53, maximum), Math.min(2 ** 62, maximum)];
  return fc.oneof(fc.constantFrom(...edges), fc.integer({ min: minimum, max: Math.min(maximum, 2 ** 31) }));
}

function objectOf(schema: Schema, of: Knowledge): fc.Arbitrary<unknown> {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0 && schema.additionalProperties !== false)
    return fc.dictionary(fc.constantFrom(...Object.keys(of.known), 'a', 'toString'), fc.jsonValue({ maxDepth: 2 }), {
      maxKeys: 4,
    });
  const shapes = Object.fromEntries(properties.map(([name, one]) => [name, valuesFor(one, of, name)]));
  return fc.record(shapes, { requiredKeys: [...(schema.required ?? [])] as never[] });
}

function ownValuesFor(schema: Schema, of: Knowledge): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return valuesFor(of.components[schema.$ref.split('/').at(-1) ?? ''] ?? {}, of, '');
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => valuesFor(one, of, '')));
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  const kinds = types.map((type): fc.Arbitrary<unknown> => {
    if (type === 'string') return textOf(schema);
    if (type === 'integer' || type === 'number') return numberOf(schema);
    if (type === 'boolean') return fc.boolean();
    if (type === 'null') return fc.constant(null);
    if (type === 'array') {
      const { minItems: minLength = 0, maxItems: most = 4 } = schema;
      return fc.array(valuesFor(schema.items ?? {}, of, ''), { minLength, maxLength: Math.min(most, minLength + 3) });
    }
    return objectOf(schema, of);
  });
  return fc.oneof(...kinds);
}

/** Values that a schema allows, its edges more often than its middle, and what this server knows by that name. */
export function valuesFor(schema: Schema, of: Knowledge, name: string): fc.Arbitrary<unknown> {
  const own = ownValuesFor(schema, of);
  const known = Object.hasOwn(of.known, name) ? (of.known[name] ?? []) : [];
  return known.length === 0 ? own : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, own);
}

type Spot = { holder: Record<string, unknown> | unknown[]; key: string };

function spotsOf(value: unknown): Spot[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.entries(holder).flatMap(([key, inner]) => [{ holder, key }, ...spotsOf(inner)]);
}

function put({ holder, key }: Spot, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The same value with one thing wrong somewhere in it: a field of another kind, one missing, or one that nobody knows. */
export function spoil(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const strange = fc.constantFrom('__proto__', 'constructor', 'unheard_of', 'id', 'client_id', 'role', '', '\0', 'a.b');
  return fc
    .tuple(values, fc.nat(), nasty, fc.constantFrom('other', 'other', 'missing', 'further'), strange)
    .map(([value, at, wrong, how, name]) => {
      if (typeof value !== 'object' || value === null) return wrong;
      const copy = structuredClone(value) as Record<string, unknown>;
      const spots = spotsOf(copy);
      const spot = spots[at % Math.max(1, spots.length)];
      if (how === 'further' || !spot) put({ holder: copy, key: name }, wrong);
      else if (how === 'other') put(spot, wrong);
      else delete (spot.holder as Record<string, unknown>)[spot.key];
      return copy;
    });
}
