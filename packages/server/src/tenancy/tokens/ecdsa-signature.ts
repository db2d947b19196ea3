/**
 * P-256 signatures in their two spellings: DER (RFC 3279 §2.2.3), which `node:crypto` speaks when it is handed a bare key, and the two fixed-length
 * numbers of a JWS (RFC 7518 §3.4). Asking it for the latter needs an options object, and recognising that one costs as much as signing.
 */
const NUMBER_BYTES = 32;
const SEQUENCE = 0x30;
const INTEGER = 0x02;
const SIGN_BIT = 0x80;

/** Writes the integer that ends at `end` of `der` into a field of fixed length. */
function copyNumber(der: Buffer, from: { start: number; end: number }, to: Buffer): void {
  // A leading zero keeps a number positive; a short number has leading zeros left out.
  const start = Math.max(from.start, from.end - NUMBER_BYTES);
  der.copy(to, NUMBER_BYTES - (from.end - start), start, from.end);
}

/** From DER, as this process has just signed, to the two numbers. */
export function fixedFromDer(der: Buffer): Buffer {
  const fixed = Buffer.alloc(2 * NUMBER_BYTES);
  const first = { start: 4, end: 4 + (der[3] ?? 0) };
  copyNumber(der, first, fixed.subarray(0, NUMBER_BYTES));
  copyNumber(der, { start: first.end + 2, end: der.length }, fixed.subarray(NUMBER_BYTES));
  return fixed;
}

/** The one way DER spells a number: no needless zero in front, and none missing where the first bit would make it negative. */
function integerOf(number: Buffer): Buffer {
  let start = 0;
  while (start < NUMBER_BYTES - 1 && number[start] === 0) start++;
  const digits = number.subarray(start);
  const padding = (digits[0] ?? 0) & SIGN_BIT ? [0] : [];
  return Buffer.concat([Buffer.from([INTEGER, digits.length + padding.length, ...padding]), digits]);
}

/** From the two numbers of a stranger's signature, 64 bytes, to DER. */
export function derFromFixed(fixed: Buffer): Buffer {
  const numbers = [fixed.subarray(0, NUMBER_BYTES), fixed.subarray(NUMBER_BYTES)].map(integerOf);
  const length = numbers.reduce((sum, number) => sum + number.length, 0);
  return Buffer.concat([Buffer.from([SEQUENCE, length]), ...numbers]);
}
