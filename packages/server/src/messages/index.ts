/**
 * Messages: every sentence a person reads on a page or in a mail, by language. English is complete by definition; the type makes
 * every other language complete too.
 */
import { de } from './de.ts';
import { en, type Messages } from './en.ts';

export { acceptedLanguages } from './accepted-languages.ts';
export type { Messages } from './en.ts';

const languages: Record<string, Messages> = { en, de };

/** The languages there are, by tag, each with its own name for itself. */
export const languageNames: Record<string, string> = { en: 'English', de: 'Deutsch' };

/** The messages for an Accept-Language header or a single tag (RFC 9110 §12.5.4); English when nothing fits. */
export function messagesFor(accepted: string): Messages {
  const wanted = accepted
    .slice(0, 200)
    .split(',')
    .map((part) => {
      const [tag = '', quality] = part.trim().toLowerCase().split(';q=');
      return { language: tag.split('-')[0] ?? '', quality: quality === undefined ? 1 : Number(quality) || 0 };
    })
    .filter(({ language, quality }) => quality > 0 && Object.hasOwn(languages, language))
    .sort((a, b) => b.quality - a.quality);
  return languages[wanted[0]?.language ?? 'en'] ?? en;
}
