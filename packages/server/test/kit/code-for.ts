import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseView } from './database-view.ts';

const CODE = /\b\d{6}\b/;
const POLL_MS = 5;
/** A job whose server was killed, or lost its database, is taken up again a minute later; that may happen to it more than once. */
const DEADLINE_MS = 300_000;
const NEWEST = 'select text from development_mails where recipient = ? order by id desc limit 1';

/** The code in the newest mail to an address; waits until its job has run. Throws at the deadline, and as soon as `isOver`. */
export async function codeFor(view: DatabaseView, email: string, isOver: () => boolean = () => false): Promise<string> {
  const deadline = performance.now() + DEADLINE_MS;
  let cause: unknown;
  while (!isOver() && performance.now() < deadline) {
    // The database may be away for a while; if it stays away, the deadline tells why.
    const mails = await view.rows<{ text: string }>(NEWEST, [email]).catch((error) => {
      cause = error;
      return [];
    });
    const code = mails[0] && CODE.exec(mails[0].text)?.[0];
    if (code) return code;
    // A view of a file answers without leaving the microtasks: whoever else runs in this process has its turn here.
    await delay(POLL_MS);
  }
  throw new Error(`no mail with a code came to ${email}`, { cause });
}
