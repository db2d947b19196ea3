import type { Messages } from '../../messages/index.ts';
import { Refusal } from '../../platform/refusals/index.ts';
import { fillText } from '../frame/index.ts';

const SECONDS_PER_MINUTE = 60;

/** "5 minutes", in the language of the page. */
function waitOf(refusal: Refusal, language: string): string {
  const minutes = Math.max(1, Math.ceil(Number(refusal.headers['retry-after'] ?? 0) / SECONDS_PER_MINUTE));
  return new Intl.NumberFormat(language, { style: 'unit', unit: 'minute', unitDisplay: 'long' }).format(minutes);
}

/** The sentence to show on the page itself for a refused code or mail; anything that has none is thrown on. */
export function explainRefusal(error: unknown, messages: Messages): { refusal: Refusal; sentence: string } {
  if (!(error instanceof Refusal)) throw error;
  const { badEmail, noMail, limited } = messages.signInPage;
  if (error.code === 'rate_limited') {
    return { refusal: error, sentence: fillText(limited, { wait: waitOf(error, messages.language) }) };
  }
  if (error.code === 'smtp_not_configured') return { refusal: error, sentence: noMail };
  if (error.code === 'invalid_request') return { refusal: error, sentence: badEmail };
  throw error;
}
