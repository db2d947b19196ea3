import ipaddr from 'ipaddr.js';

const HOUSE_RANGES = new Set(['loopback', 'private', 'carrierGradeNat', 'uniqueLocal']);

/** Loopback and private addresses that are allowed: all, none, or those in some networks (`10.0.0.0/8`, `127.0.0.1`). */
export type AllowedPrivate = boolean | readonly string[];

function isIn(parsed: ipaddr.IPv4 | ipaddr.IPv6, network: string): boolean {
  const bits = network.includes('/') ? network : `${network}/${network.includes(':') ? 128 : 32}`;
  const [base, length] = ipaddr.parseCIDR(bits);
  return base.kind() === parsed.kind() && parsed.match(base, length);
}

/**
 * Tells whether an address may be connected to. Public unicast only; `allowPrivate` adds loopback and private networks,
 * never link-local (cloud metadata), multicast, unspecified or the ranges that embed another address (NAT64, 6to4, Teredo).
 */
export function isAllowedAddress(address: string, allowPrivate: AllowedPrivate): boolean {
  if (!ipaddr.isValid(address) || address.includes('%')) return false;
  // `process` turns an IPv4-mapped address into the IPv4 address that the system would connect to.
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv6' && isOutsideGlobalUnicast(parsed.toByteArray()) && parsed.range() === 'unicast')
    return false;
  const range = parsed.range();
  if (range === 'unicast' || !HOUSE_RANGES.has(range)) return range === 'unicast';
  return typeof allowPrivate === 'boolean' ? allowPrivate : allowPrivate.some((network) => isIn(parsed, network));
}

/** Only 2000::/3 is handed out as public IPv6; the rest (`::127.0.0.1`, `64:ff9b:1::`) may be translated to anything. */
function isOutsideGlobalUnicast(bytes: readonly number[]): boolean {
  return ((bytes[0] ?? 0) & 0xe0) !== 0x20;
}
