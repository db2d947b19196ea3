import { isCommonPassword } from './common-passwords.ts';
import { refusals } from './errors.ts';
import { judgePassword, MOST_CODE_POINTS, minimumLength, type PasswordFlaw } from './password-policy.ts';

/** `nist` asks for 15 characters where the password is the only factor. */
export type PasswordProfile = 'standard' | 'nist';

export interface ChosenPassword {
  password: string;
  profile: PasswordProfile;
  /** Whether nothing else will be asked for at sign-in. */
  isOnlyFactor: boolean;
  /** Address and names of the person, name of the service. */
  names: readonly string[];
}

function problemOf(flaw: PasswordFlaw, minimum: number): string {
  const problems: Record<PasswordFlaw, string> = {
    too_short: `is shorter than ${minimum} characters`,
    too_long: `is longer than ${MOST_CODE_POINTS} characters`,
    not_text: 'is not valid text',
    common: 'is among the passwords that are tried first',
    repeated: 'repeats itself',
    sequence: 'is a sequence',
    personal: 'is a name of yours or of this service',
  };
  return problems[flaw];
}

/** Refuses a password that would be guessed, and says why. Throws password_refused with `reason` and `details`. */
export function requireGoodPassword({ password, profile, isOnlyFactor, names }: ChosenPassword): void {
  const minimum = minimumLength({ profile, isOnlyFactor });
  const flaw = judgePassword({ password, minimum, names, isCommon: isCommonPassword });
  if (!flaw) return;
  const details = [{ field: 'password', problem: problemOf(flaw, minimum) }];
  throw refusals.password_refused({ body: { reason: flaw, minimum, details } });
}
