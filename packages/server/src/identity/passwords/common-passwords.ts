import { readFileSync } from 'node:fs';
import { packageFile } from '../../package-file.ts';

// One password a line, in lower case, those of eight characters and more: from @zxcvbn-ts/language-common 4.1.3 (MIT).
const LIST = packageFile('assets/common-passwords.txt');

let known: Set<string> | null = null;

/** Whether a password, in lower case, is among those that are tried first. The list is read when the first password is chosen. */
export function isCommonPassword(lowerCase: string): boolean {
  known ??= new Set(readFileSync(LIST, 'utf8').split('\n').filter(Boolean));
  return known.has(lowerCase);
}
