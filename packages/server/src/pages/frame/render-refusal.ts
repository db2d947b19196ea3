import { type Html, html, type RawRequest } from '../../platform/http/index.ts';
import type { Refusal } from '../../platform/refusals/index.ts';
import { brandOf } from '../brand.ts';
import type { PageDeps } from '../page-deps.ts';
import { chooseMessages } from './choose-language.ts';
import { renderDocument, renderMark } from './render-document.ts';

/** Draws the page for a refusal: what happened, what to do next, and the id to tell whoever runs the server. */
export function createRefusalPage(deps: PageDeps): (refusal: Refusal, request: RawRequest) => Html {
  return (refusal, request) => {
    const messages = chooseMessages(request);
    const brand = brandOf(null, deps.brand);
    const { sentences, onward, reference } = messages.refusalPage;
    const known: Record<string, { title: string; text: string }> = sentences;
    const { title, text } = known[refusal.code] ?? (refusal.status >= 500 ? sentences.internal_error : sentences.other);
    const body = html`<section class="card">${renderMark(brand)}<h1>${title}</h1><p class="soft">${text}</p>
<p class="actions"><a class="button plain" href="/">${onward}</a></p>
<p class="soft small reference-id">${reference} <code>${request.facts.requestId}</code></p></section>`;
    return renderDocument({ messages, brand, title, path: null, body, isWide: false });
  };
}
