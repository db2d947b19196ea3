/**
 * The normal form of a page origin: scheme and host in lower case, no default port. Null for anything that is more than an
 * origin (path, query, credentials), for other schemes and for the opaque origin `null`.
 */
export function normaliseOrigin(text: string): string | null {
  if (text.length > 300) return null;
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return null;
  }
  const bare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  return bare && web && !text.includes('?') && !text.includes('#') ? url.origin : null;
}
