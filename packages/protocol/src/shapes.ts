import { Type } from 'typebox';

/**
 * Text that may be null. A type list, not a union: serialisers write it directly, where a union makes each of them carry a
 * validator of its own.
 */
export const NullableText = Type.Unsafe<string | null>({ type: ['string', 'null'] });

/** One of a few fixed words. */
export function OneOf<const W extends string>(...words: readonly W[]) {
  return Type.Unsafe<W>({ type: 'string', enum: [...words] });
}
