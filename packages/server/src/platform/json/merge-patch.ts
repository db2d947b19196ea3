import { isDeepStrictEqual } from 'node:util';

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `target` with `patch` applied (RFC 7396 §2): null removes a member, objects are merged, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(Object.entries(isObject(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  // Built from entries: a member called __proto__ stays a member.
  return Object.fromEntries(merged);
}

/** The merge patch that makes `after` of `before`; an empty object when they are equal. Neither may hold null. */
export function patchBetween(before: object, after: object): Record<string, unknown> {
  const was = new Map(Object.entries(before));
  const is = new Map(Object.entries(after));
  const patch = [...new Set([...was.keys(), ...is.keys()])].flatMap((name): [string, unknown][] => {
    const [old, value] = [was.get(name), is.get(name)];
    if (isDeepStrictEqual(old, value)) return [];
    if (value === undefined) return [[name, null]];
    return [[name, isObject(old) && isObject(value) ? patchBetween(old, value) : value]];
  });
  return Object.fromEntries(patch);
}
