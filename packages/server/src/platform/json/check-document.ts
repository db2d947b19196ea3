import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';

/** One mistake: which field, and what is wrong with it. */
export interface DocumentProblem {
  field: string;
  problem: string;
}

const validators = new WeakMap<TSchema, Validator>();

/** The compiler of shapes is loaded for the first document that needs it. */
function validatorOf(shape: TSchema): Validator {
  const known = validators.get(shape);
  if (known) return known;
  const validator = Compile(shape) as Validator;
  validators.set(shape, validator);
  return validator;
}

/** Everything that is wrong with a document, each field named from `prefix` on; empty when it has the shape. */
export function checkDocument(shape: TSchema, document: unknown, prefix = ''): DocumentProblem[] {
  const validator = validatorOf(shape);
  if (validator.Check(document)) return [];
  const problems = new Map<string, string>();
  for (const { keyword, instancePath, message } of validator.Errors(document)) {
    // Each unknown member is reported on its own too, by its own path.
    if (keyword === 'additionalProperties') continue;
    const field = [prefix, ...instancePath.split('/').filter(Boolean)].filter(Boolean).join('.');
    if (!problems.has(field)) problems.set(field, keyword === 'boolean' ? 'is not known' : message);
  }
  return [...problems].map(([field, problem]) => ({ field, problem }));
}
