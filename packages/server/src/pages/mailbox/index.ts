/**
 * The development mailbox: the mails that were kept instead of sent, on a page of this machine. It answers 404 as soon as mails
 * really leave, and to any Host but this machine's, so that no site can reach it by pointing its own name here (DNS rebinding).
 */
export { mailboxRoutes } from './routes.ts';
