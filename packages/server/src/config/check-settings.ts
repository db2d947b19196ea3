import { parseSender } from '../platform/mail/index.ts';
import { checkLogStreams } from './check-log-streams.ts';
import { checkWitnesses } from './check-witnesses.ts';
import type { Config } from './config.ts';
import type { Findings } from './gather-values.ts';
import { isLoopbackHost } from './loopback-host.ts';

type Check = (config: Config, findings: Findings) => void;

/** Rules that concern one setting beyond its kind, or several together. Adds to the findings, never throws. */
export function checkSettings(config: Config, findings: Findings): void {
  for (const check of checks) check(config, findings);
}

const checks: readonly Check[] = [
  checkDatabase,
  checkIssuer,
  checkOrigins,
  checkPasskeys,
  checkCookies,
  checkMail,
  checkDeliveries,
  checkLogStreams,
  checkWitnesses,
  checkOperation,
];

function checkDatabase({ database }: Config, { problems }: Findings): void {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(database.url)?.[1]?.toLowerCase();
  const usable = scheme === undefined || scheme === 'postgres' || scheme === 'postgresql';
  const readable = scheme === undefined || URL.canParse(database.url);
  if (usable && readable) return;
  const problem = usable
    ? 'is a Postgres URL that cannot be read.'
    : `names a database of kind ${scheme}, which is not supported.`;
  problems.push({
    name: 'DATABASE_URL',
    problem,
    example: './gatehouse.sqlite or postgres://gatehouse@localhost/gatehouse',
  });
}

function checkIssuer({ server }: Config, { problems, warnings }: Findings): void {
  const issuer = new URL(server.issuer);
  if (issuer.protocol === 'https:' || isLoopbackHost(issuer.hostname)) return;
  if (server.allowInsecureIssuer) {
    warnings.push(`AUTH_ISSUER is ${server.issuer}: tokens, codes and cookies travel unencrypted.`);
    return;
  }
  problems.push({
    name: 'AUTH_ISSUER',
    problem: 'uses http on a host that is not this machine. Use https, or set ALLOW_INSECURE_ISSUER=true.',
    example: `https://${issuer.host}`,
  });
}

function checkOrigins({ server }: Config, { warnings }: Findings): void {
  if (!server.allowOrigin.includes('*')) return;
  const open = 'ALLOW_ORIGIN=* lets every web page call the API';
  const local = isLoopbackHost(new URL(server.issuer).hostname);
  warnings.push(
    local ? `${open}. It is meant for development.` : `${open} of ${server.issuer}. Name the origins instead.`,
  );
}

function checkPasskeys({ webauthn, server }: Config, { problems, warnings }: Findings): void {
  if (webauthn.rpOrigin.includes('*')) {
    problems.push({
      name: 'WEBAUTHN_RP_ORIGIN',
      problem: 'must name each origin; * is not one.',
      example: server.issuer,
    });
  }
  const host = new URL(server.issuer).hostname;
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$|^\[[0-9a-f:.]+\]$/.test(webauthn.rpId)) {
    const problem = 'must be a bare host name in lower case, without scheme or port.';
    problems.push({ name: 'WEBAUTHN_RP_ID', problem, example: host });
  } else if (host !== webauthn.rpId && !host.endsWith(`.${webauthn.rpId}`)) {
    warnings.push(`WEBAUTHN_RP_ID is ${webauthn.rpId}, so passkeys do not work on the pages of ${server.issuer}.`);
  }
}

function checkCookies({ cookies, server }: Config, { problems }: Findings): void {
  const insecure = cookies.secure === 'false' || (cookies.secure === 'auto' && server.issuer.startsWith('http:'));
  if (cookies.sameSite === 'none' && insecure) {
    const problem = 'is none, which browsers accept only for secure cookies.';
    problems.push({ name: 'COOKIE_SAMESITE', problem, example: 'COOKIE_SAMESITE=lax, or COOKIE_SECURE=true' });
  }
  const domain = cookies.domain?.replace(/^\./, '');
  const host = new URL(server.issuer).hostname;
  if (domain !== undefined && host !== domain && !host.endsWith(`.${domain}`)) {
    problems.push({
      name: 'COOKIE_DOMAIN',
      problem: 'is neither the host of the issuer nor a parent of it.',
      example: host,
    });
  }
}

function checkMail({ mail, server }: Config, { problems }: Findings): void {
  if (mail.transport === 'file' && mail.file === undefined) {
    problems.push({ name: 'MAIL_FILE', problem: 'must name a folder when MAIL_TRANSPORT is file.', example: './mail' });
  }
  // The mailbox shows everybody's codes to whoever opens it.
  if (mail.transport === 'mailbox' && !isLoopbackHost(new URL(server.issuer).hostname)) {
    const problem = 'is mailbox, which is only for an issuer on this machine.';
    problems.push({ name: 'MAIL_TRANSPORT', problem, example: 'smtp' });
  }
  if (parseSender(mail.from) === null) {
    const problem = 'is not an address, nor a name followed by an address in angle brackets.';
    problems.push({ name: 'EMAIL_FROM', problem, example: 'Example <noreply@example.com>' });
  }
}

function checkDeliveries({ webhooks }: Config, { problems }: Findings): void {
  const isPort = (text: string) =>
    text === 'any' || (/^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536);
  if (webhooks.allowedPorts.every(isPort)) return;
  problems.push({ name: 'WEBHOOK_ALLOWED_PORTS', problem: 'has an entry that is no port.', example: '443,9000' });
}

function checkOperation(config: Config, { problems, warnings }: Findings): void {
  const { brand, metrics, passwords, rateLimits, server } = config;
  if (brand.color !== undefined && !/^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(brand.color)) {
    problems.push({ name: 'BRAND_COLOR', problem: 'must be a colour in hex notation.', example: '#0f766e' });
  }
  if (metrics.port !== undefined && metrics.port !== 0 && metrics.port === server.port) {
    problems.push({ name: 'METRICS_PORT', problem: 'is the port of the server itself.', example: '9464' });
  }
  if (rateLimits.store === 'memory' && server.workers > 1) {
    warnings.push(
      `RATE_LIMIT_STORE=memory counts per process: with ${server.workers} workers limits are that many times as high.`,
    );
  }
  if (passwords.bcryptCost !== undefined) {
    warnings.push('BCRYPT_COST has no effect: passwords are hashed with argon2id.');
  }
}
