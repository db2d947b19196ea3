import { hashCode } from '../../packages/server/src/identity/email-codes/send-email-code.ts';
import { requestBytes } from '../kit/connection.ts';
import type { Operation } from '../kit/operation.ts';
import { pick, type World } from '../kit/world.ts';

const CODE = '271828';
const LIFE_MS = 600_000;
const BATCH = 500;

/** Writes codes as sending them would; nobody waits for mails. */
async function putCodes({ house }: World, emails: readonly string[]): Promise<void> {
  const { database, clock, vault } = house.ground;
  const now = clock.now();
  const fresh = { flow_hash: null, expires_at: now + LIFE_MS, consumed_at: null, attempts: 0, failures: 0 };
  const rows = emails.map((email) => {
    const code_hash = hashCode(vault, { clientId: 'default', email, code: CODE });
    return { client_id: 'default', email, code_hash, created_at: now, ...fresh };
  });
  for (let from = 0; from < rows.length; from += BATCH) {
    const some = rows.slice(from, from + BATCH);
    const addresses = some.map(({ email }) => email);
    await database.write(async ({ query }) => {
      await query
        .deleteFrom('email_codes')
        .where('client_id', '=', 'default')
        .where('email', 'in', addresses)
        .execute();
      await query.insertInto('email_codes').values(some).execute();
    });
  }
}

export const operation: Operation = {
  name: 'e-mail code: verify',
  limit: { http: 1, signature: 1, write: 1 },
  async prepare(world) {
    let ready: string[] = [];
    let turn = 0;
    return {
      async stock(count) {
        const missing = Math.min(count, world.sessions.length) - ready.length;
        const emails = Array.from({ length: Math.max(0, missing) }, () => pick(world.sessions, turn++).user.email);
        await putCodes(world, emails);
        ready = [...ready, ...emails];
      },
      next() {
        const email = ready.shift();
        return email === undefined ? null : requestBytes({ path: '/email/verify', body: { email, code: CODE } });
      },
    };
  },
};
