import { totalmem } from 'node:os';

/** The issuer of every server that is measured: its port differs from run to run, what it signs must not. */
export const ISSUER = 'http://localhost:7777';

/** The break-glass key of a measured server. */
export const ADMIN_KEY = 'the break-glass key of the benchmarks';

/** What a measured server is told beyond its defaults: limits so high that they refuse nobody, and nothing to log. */
export const changedSettings = {
  LOG_LEVEL: 'error',
  MAIL_TRANSPORT: 'mailbox',
  JWT_ACCESS_TTL: '1d',
  RATE_LIMIT_EMAIL_PER_ADDRESS: '100000',
  RATE_LIMIT_EMAIL_PER_IP: '1000000',
  RATE_LIMIT_FAILURES_PER_IP: '1000000',
  ADMIN_API_KEY_PER_MINUTE: '100000',
};

const QUARTER = 4;

/** What Postgres is given: a quarter of the memory, as its own documentation advises. Tests start it with 64 MB, half its default. */
export const sharedBuffers = `${Math.floor(totalmem() / QUARTER / 2 ** 20)}MB`;

/** The environment of a measured server on a database. */
export function environmentOf(databaseUrl: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    AUTH_ISSUER: ISSUER,
    GATEHOUSE_SECRET: 'a secret for benchmarks, long enough to be one',
    ADMIN_API_KEY: ADMIN_KEY,
    ...changedSettings,
  };
}
