import { contentSecurityPolicy, html, type RawRequest, type RefusalPage } from '../../platform/http/index.ts';
import type { Refusal } from '../../platform/refusals/index.ts';
import { brandOf, imagePolicy } from '../brand.ts';
import type { PageDeps } from '../page-deps.ts';
import { chooseMessages } from './choose-language.ts';
import { clientAbout } from './guards.ts';
import { renderDocument, renderMark } from './render-document.ts';

/** Draws the page for a refusal: what happened, what to do next, and the id to tell whoever runs the server. */
export function createRefusalPage(deps: PageDeps): (refusal: Refusal, request: RawRequest) => Promise<RefusalPage> {
  return async (refusal, request) => {
    // What went wrong may be the database: nothing is asked of it then, and a page without a brand is still a page.
    const client = refusal.status >= 500 ? null : await clientAbout(deps, request).catch(() => null);
    const messages = chooseMessages(request, client?.settings.auth_ui?.locale);
    const brand = brandOf(client, deps.brand);
    const { sentences, onward, reference } = messages.refusalPage;
    const known: Record<string, { title: string; text: string }> = sentences;
    const { title, text } = known[refusal.code] ?? (refusal.status >= 500 ? sentences.internal_error : sentences.other);
    const body = html`<section class="card">${renderMark(brand)}<h1>${title}</h1><p class="soft">${text}</p>
<p class="actions"><a class="button plain" href="/">${onward}</a></p>
<p class="soft small reference-id">${reference} <code>${request.facts.requestId}</code></p></section>`;
    const page = renderDocument({ messages, brand, title, path: null, body, isWide: false });
    return { page, headers: { 'content-security-policy': contentSecurityPolicy(imagePolicy(brand)) } };
  };
}
