import { type Html, html } from '../../platform/http/index.ts';

const PLACE = /\{\{(\w+)\}\}/;

/** A sentence with its places filled: texts are escaped, markup is put in as it is. */
export function fillSentence(sentence: string, values: Record<string, Html | string | number>): Html {
  const parts = sentence.split(PLACE).map((part, index) => (index % 2 === 0 ? part : (values[part] ?? '')));
  return html`${parts}`;
}

/** The same as plain text. */
export function fillText(sentence: string, values: Record<string, string | number>): string {
  return sentence
    .split(PLACE)
    .map((part, index) => (index % 2 === 0 ? part : String(values[part] ?? '')))
    .join('');
}
