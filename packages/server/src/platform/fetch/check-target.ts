import { FetchRefusal } from './fetch-refusal.ts';

/** Parses an address and refuses what no resolution could make safe: other schemes, credentials, other ports. */
export function checkTarget(address: string, ports: readonly number[] | 'any'): URL {
  if (!URL.canParse(address)) throw new FetchRefusal('url_invalid', 'The address is not a URL.');
  // The WHATWG parser writes decimal, octal and hex forms of IPv4 as plain dotted numbers.
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new FetchRefusal('scheme_refused', 'Only http and https addresses are fetched.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new FetchRefusal('credentials_refused', 'The address must not hold a user name or password.');
  }
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  if (ports !== 'any' && !ports.includes(port))
    throw new FetchRefusal('port_refused', 'The port is not one for web servers.');
  return url;
}
