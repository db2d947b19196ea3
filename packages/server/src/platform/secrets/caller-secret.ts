/** A secret in a caller's hands: found by `id`, proven by `secret`, recognisable by `kind` in a leak scan. */
export interface CallerSecret {
  kind: string;
  id: string;
  secret: string;
}

/** Writes `gh_<kind>_<id>.<secret>`. */
export function callerSecret({ kind, id, secret }: CallerSecret): string {
  return `gh_${kind}_${id}.${secret}`;
}

const LONGEST = 512;
const FORM = /^gh_([a-z]{2})_([0-9a-f-]{36})\.([A-Za-z0-9_-]{16,256})$/;

/** Reads a caller's secret of the kind asked for, or null: other kinds are never accepted in its place. */
export function parseCallerSecret(kind: string, text: string): CallerSecret | null {
  if (text.length > LONGEST) return null;
  const match = FORM.exec(text);
  if (!match || match[1] !== kind) return null;
  return { kind, id: match[2] ?? '', secret: match[3] ?? '' };
}
