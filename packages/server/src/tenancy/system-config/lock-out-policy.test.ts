import type { SystemConfig } from '@gatehouse/protocol';
import { expect, test } from 'vitest';
import { type AdministratorAccess, type LockOutFacts, whyLockedOut } from './lock-out-policy.ts';
import { brokenRules } from './rules-policy.ts';

const START: SystemConfig = {
  tokens: { access_ttl_seconds: 900, refresh_ttl_seconds: 604_800, refresh_grace_seconds: 10 },
  origins: { allowed: [] },
  webauthn: { rp_id: 'example.com', rp_origins: [], display_name: 'Example', user_verification: 'required' },
  sign_in: { login_methods: ['email_otp', 'passkey'] },
  lockout: { enabled: true, max_failures: 10, window_seconds: 900, lockout_seconds: 900 },
  rate_limits: { email_per_address: 10, email_per_ip: 100, failures_per_ip: 100 },
  brand: { name: 'Example' },
  email_codes: { ttl_seconds: 600 },
  audit: { retention_days: 2555 },
};

const FACTS: LockOutFacts = {
  issuerHost: 'auth.example.com',
  canSendMail: true,
  builtMethods: ['email_otp', 'passkey'],
  passkeyRpIds: ['example.com'],
  administrators: [],
};

type Method = SystemConfig['sign_in']['login_methods'][number];
const methods = (...login_methods: Method[]) => ({ sign_in: { login_methods } });
const rpId = (rp_id: string) => ({ webauthn: { ...START.webauthn, rp_id } });
const admin = (of: Partial<AdministratorAccess>): AdministratorAccess => ({
  hasPassword: false,
  hasTotp: false,
  passkeyRpIds: [],
  ...of,
});

test.each<[string, Partial<SystemConfig>, Partial<LockOutFacts>, RegExp | null]>([
  ['nothing changes', {}, {}, null],
  ['no login method is left', methods(), {}, /no login method/],
  ['only methods are left that this version lacks', methods('phone_otp', 'oauth'), {}, /no login method/],
  ['codes are left, and mail can be sent', methods('email_otp'), {}, null],
  ['codes are left, and mail cannot be sent', methods('email_otp'), { canSendMail: false }, /cannot send mail/],
  ['passkeys are left, and users have some', methods('passkey'), {}, null],
  ['passkeys are left, and nobody has any yet', methods('passkey'), { passkeyRpIds: [] }, null],
  [
    'passkeys are left, of a domain no page is on',
    { ...methods('passkey'), ...rpId('other.example') },
    { passkeyRpIds: [] },
    /no page may use/,
  ],
  [
    'passkeys are left, of a domain nobody has one of',
    { ...methods('passkey'), ...rpId('auth.example.com') },
    {},
    /nobody has one of/,
  ],
  ['the domain changes while codes still work', rpId('auth.example.com'), {}, null],
  [
    'the domain changes, codes are there and mail cannot be sent',
    rpId('auth.example.com'),
    { canSendMail: false },
    /nobody has one of/,
  ],
  [
    'the domain changes and breaks the only factor of the only administrator',
    rpId('auth.example.com'),
    { administrators: [admin({ hasPassword: true, passkeyRpIds: ['example.com'] })] },
    /no administrator/,
  ],
  [
    'the domain changes and that administrator has TOTP as well',
    rpId('auth.example.com'),
    { administrators: [admin({ hasPassword: true, hasTotp: true, passkeyRpIds: ['example.com'] })] },
    null,
  ],
  [
    'the domain changes and another administrator has TOTP',
    rpId('auth.example.com'),
    {
      administrators: [
        admin({ hasPassword: true, passkeyRpIds: ['example.com'] }),
        admin({ hasPassword: true, hasTotp: true }),
      ],
    },
    null,
  ],
  [
    'passkeys are switched off and the only administrator has nothing else',
    methods('email_otp'),
    { administrators: [admin({ passkeyRpIds: ['example.com'] })] },
    /no administrator/,
  ],
  [
    'passkeys are switched off and the administrator has a password with TOTP',
    methods('email_otp'),
    { administrators: [admin({ hasPassword: true, hasTotp: true })] },
    null,
  ],
  ['no administrator could sign in before either', rpId('auth.example.com'), { administrators: [admin({})] }, null],
])('when %s', (...[, change, facts, reason]) => {
  const why = whyLockedOut(START, { ...START, ...change }, { ...FACTS, ...facts });
  if (reason === null) expect(why).toBeNull();
  else expect(why).toMatch(reason);
});

const tokens = (change: Partial<SystemConfig['tokens']>) => ({ tokens: { ...START.tokens, ...change } });

test.each<[Partial<SystemConfig>, string[]]>([
  [{}, []],
  [tokens({ access_ttl_seconds: 3600, refresh_ttl_seconds: 600 }), ['tokens.access_ttl_seconds']],
  [tokens({ session_idle_seconds: 604_801 }), ['tokens.session_idle_seconds']],
  [tokens({ session_idle_seconds: 60 }), ['tokens.session_idle_seconds']],
  [{ lockout: { ...START.lockout, window_seconds: 3600, lockout_seconds: 60 } }, ['lockout.lockout_seconds']],
  [{ lockout: { ...START.lockout, enabled: false, window_seconds: 3600, lockout_seconds: 60 } }, []],
  [{ origins: { allowed: ['*', 'https://a.example', 'https://A.example'] } }, ['origins.allowed.2']],
  [{ webauthn: { ...START.webauthn, rp_origins: ['https://a.example:443'] } }, ['webauthn.rp_origins.0']],
])('with %j the rules broken are %j', (change, fields) => {
  expect(brokenRules({ ...START, ...change }).map((one) => one.field)).toEqual(fields);
});
