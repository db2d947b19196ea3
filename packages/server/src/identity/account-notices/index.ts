/**
 * Notices: mails that tell somebody what changed about how they sign in (A-017, NIST SP 800-63B-4 §4.6). Written as a job in the transaction of the
 * change, to the address the account had then, if it was verified. They hold no link: whoever was not asked must not be led anywhere.
 */
export { type NoticeDeps, queueNotice } from './queue-notice.ts';
export { registerNoticeMail } from './register-notice-mail.ts';
