import type { Config } from '../config/index.ts';
import { emailCodeLimits, registerCodeMail } from '../identity/email-codes/index.ts';
import { createClients } from '../tenancy/clients/index.ts';
import { createSigningKeys } from '../tenancy/signing-keys/index.ts';
import { createTokens } from '../tenancy/tokens/index.ts';
import type { Ground } from './ground.ts';

const SECOND = 1000;

function openTenancy(ground: Ground) {
  const { clock, database, issuer, vault, newId, config } = ground;
  const clients = createClients({ clock, database, issuer, allowOrigin: config.server.allowOrigin });
  const signingKeys = createSigningKeys({ clock, database, vault });
  return { clients, signingKeys, tokens: createTokens({ clock, newId, issuer, signingKeys }) };
}

function rulesOf(config: Config) {
  const idle = config.sessions.idleTtlSeconds;
  return {
    accessTtlMs: config.tokens.accessTtlSeconds * SECOND,
    sessionTtlMs: config.tokens.refreshTtlSeconds * SECOND,
    graceMs: config.tokens.refreshGraceSeconds * SECOND,
    idleTtlMs: idle === undefined ? null : idle * SECOND,
  };
}

function cookieRulesOf(config: Config) {
  const isHttps = config.server.issuer.startsWith('https://');
  const { secure, sameSite, domain } = config.cookies;
  const sites = { auto: 'Lax', lax: 'Lax', strict: 'Strict', none: 'None' } as const;
  return { secure: secure === 'auto' ? isHttps : secure === 'true', sameSite: sites[sameSite], domain };
}

function passkeyRulesOf(config: Config) {
  const { rpId, rpOrigin, displayName, userVerification } = config.webauthn;
  return { rpId, displayName, userVerification, origins: rpOrigin, issuer: config.server.issuer };
}

/** Gives each room of the product what it asks for. */
export function openRooms(ground: Ground) {
  const { config, clock } = ground;
  const tenancy = openTenancy(ground);
  const base = { ...ground, ...tenancy, rules: rulesOf(config), cookie: cookieRulesOf(config) };
  const passkeyRules = passkeyRulesOf(config);
  const emailCodes = {
    ...base,
    codeTtlMs: config.emailCodes.ttlSeconds * SECOND,
    limits: emailCodeLimits(config.rateLimits),
    canSendMail: ground.mailer.canSend,
  };
  registerCodeMail({ ...ground, clients: tenancy.clients, brand: config.brand, clock });
  const passkeys = {
    begin: { ...base, rules: passkeyRules },
    finish: { ...base, passkeyRules, limits: emailCodes.limits },
    present: base,
  };
  return { base, emailCodes, passkeys, ...tenancy };
}

export type Rooms = ReturnType<typeof openRooms>;
