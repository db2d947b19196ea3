/** A place to go to after signing in, before anybody has said whether its origin may be trusted. */
export interface Destination {
  /** The normal form, absolute. */
  url: string;
  origin: string;
}

const LONGEST = 1000;
/** What browsers drop or rewrite before they read an address, and so what hides another host from a reader (T-055). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const TRICKS = /[\u0000-\u0020\u007f-\u00a0\u2000-\u206f\u3000\\]/;

function parse(text: string, issuer: string): URL | null {
  const isPath = text.startsWith('/') && !text.startsWith('//');
  if (!isPath && !/^https?:\/\/[^/]/i.test(text)) return null;
  return URL.canParse(text, issuer) ? new URL(text, issuer) : null;
}

/**
 * Reads an address to return to: a path of this server, or a whole http(s) address. Null for everything else, and for anything a
 * browser might read differently.
 */
export function readDestination(text: unknown, issuer: string): Destination | null {
  if (typeof text !== 'string' || text.length > LONGEST || TRICKS.test(text)) return null;
  const url = parse(text, issuer);
  if (url?.username !== '' || url.password !== '') return null;
  // A host in another spelling than its normal form is a disguise, or a mistake.
  const isPlain = text.startsWith('/') || text.toLowerCase().startsWith(url.origin);
  return isPlain ? { url: url.href, origin: url.origin } : null;
}
