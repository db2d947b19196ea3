import { readableAccent } from './readable-accent.ts';
import { renderTemplate, type TemplateValues } from './template.ts';

/** What a mail says, as plain texts. Every part but the heading and the reason may be left out. */
export interface MailContent {
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** Shown as large text that one tap selects. */
  readonly code?: string;
  readonly button?: { readonly label: string; readonly url: string };
  /** Why this mail came, and what to do if it was not you. */
  readonly reason: string;
}

/** Whose mail it is. */
export interface MailBrand {
  readonly name: string;
  readonly accent?: string;
  /** BCP 47 language of the content; `en` unless given. */
  readonly language?: string;
}

const FONTS = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',sans-serif";

const HTML = `<!doctype html>
<html lang="{{language}}" dir="auto"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>{{heading}}</title>
<style>
:root{color-scheme:light dark}
@media (prefers-color-scheme:dark){.ground{background:#131414!important}.card{background:#1c1d1e!important;border-color:#303234!important}
.ink{color:#eceae6!important}.soft{color:#a3a6ab!important}.mark{color:{{onDark}}!important}.code{background:#131414!important}}
</style></head>
<body class="ground" style="margin:0;background:#f6f5f2"><table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" style="background:#f6f5f2"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px"><tr><td class="card" style="background:#ffffff;border:1px solid #e3e0da;border-radius:14px;padding:32px;font:16px/1.5 ${FONTS}">
<p class="mark" style="margin:0 0 24px;font-weight:600;color:{{onLight}}">{{brand}}</p>
<h1 class="ink" style="margin:0 0 8px;font-size:22px;line-height:1.25;color:#1b1c1d">{{heading}}</h1>
{{#paragraphs}}<p class="ink" style="margin:0 0 16px;color:#1b1c1d">{{text}}</p>
{{/paragraphs}}{{#code}}<p class="code ink" style="margin:24px 0;padding:16px;border-radius:10px;background:#f6f5f2;text-align:center;font:600 32px/1.2 ui-monospace,Menlo,monospace;letter-spacing:.2em;color:#1b1c1d;-webkit-user-select:all;user-select:all">{{code}}</p>
{{/code}}{{#url}}<p style="margin:24px 0"><a href="{{url}}" style="display:inline-block;background:{{onLight}};color:#ffffff;font-weight:600;text-decoration:none;border-radius:10px;padding:12px 20px">{{label}}</a></p>
<p class="soft" style="margin:0 0 16px;font-size:14px;color:#5d6066;word-break:break-all">{{url}}</p>
{{/url}}<p class="soft" style="margin:24px 0 0;font-size:14px;color:#5d6066">{{reason}}</p>
</td></tr></table></td></tr></table></body></html>
`;

const TEXT = `{{heading}}

{{#paragraphs}}{{text}}

{{/paragraphs}}{{#code}}    {{code}}

{{/code}}{{#url}}{{label}}:
{{url}}

{{/url}}{{reason}}

-- 
{{brand}}
`;

/** Renders a mail in both forms, with the same words: one column of 560 px, and plain text. */
export function layoutMail(content: MailContent, brand: MailBrand): { html: string; text: string } {
  const { heading, paragraphs, code, button, reason } = content;
  if (button !== undefined && !/^https?:\/\/[^\s]+$/.test(button.url))
    throw new TypeError('A mail links only to http and https.');
  const values: TemplateValues = {
    heading,
    reason,
    code,
    paragraphs: paragraphs.map((text) => ({ text })),
    url: button?.url,
    label: button?.label,
    brand: brand.name,
    language: brand.language ?? 'en',
    ...readableAccent(brand.accent),
  };
  return { html: renderTemplate(HTML, values, 'html'), text: renderTemplate(TEXT, values, 'text') };
}
