import { languageNames, type Messages } from '../../messages/index.ts';
import { type Html, html } from '../../platform/http/index.ts';
import { assetAddress } from '../assets/index.ts';
import type { Brand } from '../brand.ts';
import { icons } from './icons.ts';

const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur']);

export interface DocumentParts {
  messages: Messages;
  brand: Brand;
  title: string;
  /** Where the links to other languages lead; null leaves them out. */
  path: string | null;
  body: Html;
  /** A page of lists rather than one card. */
  isWide: boolean;
}

/** The client's own logo, else the mark of the house. */
export function renderMark(brand: Brand): Html {
  return brand.logo ? html`<img class="logo" src="${brand.logo}" alt="">` : icons.mark;
}

function renderLanguages(current: string, path: string): Html {
  const links = Object.entries(languageNames).map(([language, name]) =>
    language === current
      ? html`<span aria-current="true">${name}</span>`
      : html`<a href="${path}?locale=${language}" lang="${language}" hreflang="${language}">${name}</a>`,
  );
  return html`<footer>${links.flatMap((link, index) => (index === 0 ? [link] : [' · ', link]))}</footer>`;
}

/** The whole document of a page. */
export function renderDocument({ messages, brand, title, path, body, isWide }: DocumentParts): Html {
  const direction = RIGHT_TO_LEFT.has(messages.language) ? 'rtl' : 'ltr';
  return html`<!doctype html>
<html lang="${messages.language}" dir="${direction}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${title} · ${brand.name}</title><link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${assetAddress('auth-ui.css')}">${brand.sheet && html`<link rel="stylesheet" href="${brand.sheet}">`}
<script type="module" src="${assetAddress('auth-ui.js')}"></script></head>
<body><main${isWide && html` class="wide"`}>${body}</main>${path === null ? html`<footer></footer>` : renderLanguages(messages.language, path)}</body></html>`;
}
