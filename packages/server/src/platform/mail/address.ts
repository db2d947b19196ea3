import { domainToASCII } from 'node:url';

const MAX_ADDRESS = 254;
const MAX_LOCAL = 64;
// Everything that could end a header, open a second address or hide one: controls, spaces, quotes, brackets, separators.
const FORBIDDEN = /[\p{C}\p{Z}"'`()<>[\]\\,;:]/u;
// The apostrophe is a legal and common letter of local parts (o'brien).
const FORBIDDEN_LOCAL = /[\p{C}\p{Z}"`()<>[\]\\,;:]/u;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Who a mail comes from. */
export interface Sender {
  readonly name: string;
  readonly address: string;
}

/**
 * The one form of an e-mail address that is stored and compared: trimmed, NFC, lower-case; null when it is no address.
 * Plus and dot variants stay distinct. Takes linear time on any input.
 */
export function parseEmailAddress(input: string): string | null {
  // Bounded before any other work: normalisation can only be asked for what could still become an address.
  if (input.length > MAX_ADDRESS + 64) return null;
  const address = input.trim().normalize('NFC').toLowerCase();
  const [local = '', domain = '', ...rest] = address.split('@');
  if (rest.length > 0 || Buffer.byteLength(address) > MAX_ADDRESS) return null;
  return isLocalPart(local) && isDomain(domain) ? address : null;
}

/** Reads `Name <address>` or a bare address; null when either part could not stand in a header. */
export function parseSender(text: string): Sender | null {
  const open = text.indexOf('<');
  const bare = open === -1;
  if (!bare && !text.endsWith('>')) return null;
  const name = bare
    ? ''
    : text
        .slice(0, open)
        .trim()
        .replace(/^"(.*)"$/, '$1');
  const address = parseEmailAddress(bare ? text : text.slice(open + 1, -1));
  return address === null || !isHeaderText(name) ? null : { name, address };
}

/** Tells whether a text can stand in a header: no line breaks or other controls, and of sane length. */
export function isHeaderText(text: string): boolean {
  return text.length <= 998 && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);
}

function isLocalPart(local: string): boolean {
  if (local === '' || Buffer.byteLength(local) > MAX_LOCAL || FORBIDDEN_LOCAL.test(local)) return false;
  return !local.startsWith('.') && !local.endsWith('.') && !local.includes('..');
}

function isDomain(domain: string): boolean {
  if (domain === '' || FORBIDDEN.test(domain)) return false;
  const ascii = domainToASCII(domain);
  return ascii !== '' && ascii.length <= 253 && ascii.split('.').every((label) => LABEL.test(label));
}
