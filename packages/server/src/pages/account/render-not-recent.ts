import { type Html, html } from '../../platform/http/index.ts';
import { fillSentence, type PageUser } from '../frame/index.ts';

/** Where a fresh proof is given before passkeys may change. */
const SIGN_IN_AGAIN = '/login?return_to=/account&again=1';

/** The sentence that stands where a fresh sign-in is wanted. */
export function renderNotRecent({ messages }: PageUser): Html {
  const texts = messages.accountPage;
  return fillSentence(texts.notRecent, { again: html`<a href="${SIGN_IN_AGAIN}">${texts.signInAgain}</a>` });
}
