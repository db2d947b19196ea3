import ipaddr from 'ipaddr.js';

const HOUSE_RANGES = new Set(['loopback', 'private', 'carrierGradeNat', 'uniqueLocal']);

/**
 * Tells whether an address may be connected to. Public unicast only; `allowPrivate` adds loopback and private networks,
 * never link-local (cloud metadata), multicast, unspecified or the ranges that embed another address (NAT64, 6to4, Teredo).
 */
export function isAllowedAddress(address: string, allowPrivate: boolean): boolean {
  if (!ipaddr.isValid(address) || address.includes('%')) return false;
  // `process` turns an IPv4-mapped address into the IPv4 address that the system would connect to.
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv6' && isOutsideGlobalUnicast(parsed.toByteArray()) && parsed.range() === 'unicast')
    return false;
  const range = parsed.range();
  return range === 'unicast' || (allowPrivate && HOUSE_RANGES.has(range));
}

/** Only 2000::/3 is handed out as public IPv6; the rest (`::127.0.0.1`, `64:ff9b:1::`) may be translated to anything. */
function isOutsideGlobalUnicast(bytes: readonly number[]): boolean {
  return ((bytes[0] ?? 0) & 0xe0) !== 0x20;
}
