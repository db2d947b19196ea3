/** Walks the top level of a JSON object and returns its keys in order, duplicates included. */
function topLevelKeys(json: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  for (const [token, text] of json.matchAll(/"((?:[^"\\]|\\.)*)"(?=\s*:)|"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (depth === 1 && text !== undefined) keys.push(text);
  }
  return keys;
}

/** Longest client data a browser has a reason to send. */
const LONGEST = 8192;

/**
 * What the library does not look at in clientDataJSON (WebAuthn Level 3 §5.8.1): ceremonies inside a foreign page are refused, and so is
 * JSON that says a thing twice, which two parsers may read differently. Returns the reason for a refusal, or null.
 */
export function judgeClientData(encoded: string): string | null {
  if (encoded.length > LONGEST) return 'client data too long';
  const json = Buffer.from(encoded, 'base64url')
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    return 'client data is not JSON';
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return 'client data is not an object';
  const keys = topLevelKeys(json);
  if (new Set(keys).size !== keys.length) return 'client data says a thing twice';
  if ('crossOrigin' in data && data.crossOrigin !== false) return 'cross-origin ceremony';
  if ('topOrigin' in data) return 'ceremony inside a foreign page';
  return null;
}
