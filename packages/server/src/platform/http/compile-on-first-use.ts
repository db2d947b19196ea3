import { createRequire } from 'node:module';
import type { FastifyServerOptions } from 'fastify';

type SchemaController = NonNullable<FastifyServerOptions['schemaController']>;
type Compiled = { (value: unknown): unknown; errors?: unknown };
/** Both of Fastify's compilers: what all schemas share, then one schema, gives the function that works. */
type Build = (...shared: unknown[]) => (definition: unknown) => Compiled;

const require = createRequire(import.meta.url);

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function onFirstUse(load: () => () => Build): Build {
  return (...shared) => {
    const compiler = once(() => load()()(...shared));
    return (definition) => {
      const compiled = once(() => compiler()(definition));
      const work: Compiled = (value) => {
        const result = compiled()(value);
        // Fastify reads what is wrong with a request from the function it called.
        work.errors = compiled().errors;
        return result;
      };
      return work;
    };
  };
}

/**
 * Fastify's own compilers of validators and serializers, each at work when its schema is first needed. Most routes of a server are never
 * asked: compiled at the start, they would take a third of its time and a tenth of its memory.
 */
export function compileOnFirstUse(): SchemaController {
  const compilersFactory = {
    buildValidator: onFirstUse(() => require('@fastify/ajv-compiler')),
    buildSerializer: onFirstUse(() => require('@fastify/fast-json-stringify-compiler')),
  };
  return { compilersFactory } as unknown as SchemaController;
}
