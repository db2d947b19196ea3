import type { Clock } from '../../platform/clock/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Jobs } from '../../platform/jobs/index.ts';
import { findUser } from '../users/index.ts';

/** The kind of job that mails a notice. */
export const noticeJob = 'account_notice';

/** What that job carries; it is sealed while it waits. */
export interface AccountNotice {
  clientId: string;
  email: string;
  change: 'passkey_added' | 'passkey_removed' | 'password_changed' | 'totp_replaced';
  /** The language wanted, as in Accept-Language; empty where nothing is known. */
  locale: string;
  at: number;
}

export interface NoticeDeps {
  clock: Clock;
  jobs: Pick<Jobs, 'enqueue'>;
}

/** Has the owner of an account told about a change, if they have an address that is known to be theirs. */
export async function queueNotice(
  { clock, jobs, tx }: NoticeDeps & { tx: Tx },
  of: Pick<AccountNotice, 'clientId' | 'change' | 'locale'> & { userId: string },
): Promise<void> {
  const { clientId, userId, change, locale } = of;
  const user = await findUser(tx, { clientId, id: userId });
  if (!user || user.email === null || user.emailVerifiedAt === null) return;
  const payload: AccountNotice = { clientId, email: user.email, change, locale, at: clock.now() };
  await jobs.enqueue(tx, { kind: noticeJob, payload });
}
