/** Longer than any browser writes; what is kept of it waits in jobs. */
const LONGEST = 150;

/** The languages that whoever sent a request prefers (Accept-Language, RFC 9110 §12.5.4); empty when nothing is known. */
export function acceptedLanguages(headers: Record<string, string | string[] | undefined>): string {
  const accepted = headers['accept-language'];
  return typeof accepted === 'string' ? accepted.slice(0, LONGEST) : '';
}
