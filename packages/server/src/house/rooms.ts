import type { Config } from '../config/index.ts';
import { registerNoticeMail } from '../identity/account-notices/index.ts';
import { emailCodeLimits, registerCodeMail } from '../identity/email-codes/index.ts';
import { createClients } from '../tenancy/clients/index.ts';
import { createSigningKeys } from '../tenancy/signing-keys/index.ts';
import {
  createLoginMethods,
  liveBrand,
  liveCodeRules,
  liveLockout,
  livePasskeyRules,
  liveRateLimits,
  liveSessionRules,
} from '../tenancy/system-config/index.ts';
import { createTokens } from '../tenancy/tokens/index.ts';
import { openAdministration } from './administration.ts';
import type { Ground } from './ground.ts';

function openTenancy(ground: Ground) {
  const { clock, database, issuer, vault, newId, runtime } = ground;
  const clients = createClients({ clock, database, issuer, allowOrigin: () => runtime.current().origins.allowed });
  const signingKeys = createSigningKeys({ clock, database, vault });
  return { clients, signingKeys, tokens: createTokens({ clock, newId, issuer, signingKeys }) };
}

/** What follows the configuration while the server runs. */
function liveOf({ runtime }: Ground) {
  return {
    rules: liveSessionRules(runtime),
    brand: liveBrand(runtime),
    loginMethods: createLoginMethods(runtime),
    lockoutRules: liveLockout(runtime),
  };
}

function cookieRulesOf(config: Config) {
  const isHttps = config.server.issuer.startsWith('https://');
  const { secure, sameSite, domain } = config.cookies;
  const sites = { auto: 'Lax', lax: 'Lax', strict: 'Strict', none: 'None' } as const;
  return { secure: secure === 'auto' ? isHttps : secure === 'true', sameSite: sites[sameSite], domain };
}

/** Gives each room of the product what it asks for. */
export function openRooms(ground: Ground) {
  const { config, clock, runtime } = ground;
  const tenancy = openTenancy(ground);
  const base = { ...ground, ...tenancy, ...liveOf(ground), cookie: cookieRulesOf(config) };
  const passkeyRules = livePasskeyRules(runtime, ground.issuer);
  const emailCodes = {
    ...base,
    codeRules: liveCodeRules(runtime),
    limits: emailCodeLimits(liveRateLimits(runtime)),
    canSendMail: ground.mailer.canSend,
  };
  registerCodeMail({ ...ground, clients: tenancy.clients, brand: base.brand, clock });
  registerNoticeMail({ ...ground, clients: tenancy.clients, brand: base.brand });
  const passkeys = {
    begin: { ...base, rules: passkeyRules },
    finish: { ...base, passkeyRules, limits: emailCodes.limits },
    present: base,
  };
  const administration = openAdministration({ ...base, ...passkeys.finish, begin: passkeys.begin });
  return { base, emailCodes, passkeys, administration, ...tenancy };
}

export type Rooms = ReturnType<typeof openRooms>;
