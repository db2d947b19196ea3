import { acceptedLanguages, languageNames, type Messages, messagesFor } from '../../messages/index.ts';
import { type RawRequest, readCookie } from '../../platform/http/index.ts';

function known(tag: unknown): string | null {
  const language = typeof tag === 'string' ? (tag.toLowerCase().split('-')[0] ?? '') : '';
  return Object.hasOwn(languageNames, language) ? language : null;
}

/** The language asked for in the address, to be remembered; null when none is. */
export function askedLanguage(request: RawRequest): string | null {
  return known(request.query.locale);
}

/** The sentences for a request: as asked, else as chosen before, else as the browser prefers, else `otherwise`. */
export function chooseMessages(request: RawRequest, otherwise = 'en'): Messages {
  const accepted = acceptedLanguages(request.headers);
  const remembered = known(readCookie(request.headers.cookie as string | undefined, 'locale'));
  const preferred = accepted && `${accepted},`;
  return messagesFor(askedLanguage(request) ?? remembered ?? `${preferred}${otherwise};q=0.001`);
}
