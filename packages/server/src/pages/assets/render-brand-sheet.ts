import { readableAccent } from '../../platform/mail/index.ts';

/** The sheet with a brand's colour, corrected until it can be read on light and on dark; a sheet because styles in the page are forbidden. */
export function renderBrandSheet(color: string | undefined): string {
  const { onLight, onDark } = readableAccent(color);
  return `:root{--accent:${onLight};--accent-ink:${onLight}}@media(prefers-color-scheme:dark){:root{--accent-ink:${onDark}}}\n`;
}
