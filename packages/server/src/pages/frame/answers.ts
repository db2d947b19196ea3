import { contentSecurityPolicy, type Html, type Reply, reply } from '../../platform/http/index.ts';
import { brandOf, imagePolicy } from '../brand.ts';
import type { PageDeps } from '../page-deps.ts';
import { cookieNames, pageCookie } from './cookies.ts';
import { type Flow, sealFlow } from './flow.ts';
import type { PageCaller } from './guards.ts';
import { renderDocument, renderMark } from './render-document.ts';

/** One page: its title, its body, and the address that shows it again. */
interface View {
  title: string;
  path: string;
  body: Html;
  isWide?: boolean;
  status?: number;
  /** Further origins its forms may lead to: browsers hold redirects after a form to this rule too. */
  formOrigins?: readonly string[];
  frames?: boolean;
}

export interface Onward {
  /** What the browser is to remember, when that has changed. */
  flow?: Flow;
  cookies?: readonly string[];
}

/** Answers of pages, with the cookies they owe the browser. */
export interface Answers {
  show(caller: PageCaller, view: View, onward?: Onward): Reply;
  /** Leads on after a form, or to another page (RFC 9110 §15.4.4). */
  lead(caller: PageCaller, location: string, onward?: Onward): Reply;
  /** The mark or logo that stands on a card. */
  mark(caller: PageCaller): Html;
  /** The name on the page. */
  brandName(caller: PageCaller): string;
  /** Sets the cookie of a session, or takes it away when `value` is empty. */
  sessionCookie(value: string, maxAgeSeconds: number): string;
  /** The cookies that `lead` and `show` would set. */
  cookiesOf(caller: PageCaller, onward: Onward): string[];
}

// A page sends its own address along to its own server only. Not `no-referrer`: under it browsers hide where a form came
// from (`Origin: null`), which is what forms are judged by.
const REFERRER = { 'referrer-policy': 'same-origin' };

export function createAnswers(deps: PageDeps): Answers {
  const names = cookieNames(deps.issuer);
  const brand = (caller: PageCaller) => brandOf(caller.client, deps.brand);
  const cookiesOf = (caller: PageCaller, { flow, cookies = [] }: Onward): string[] => {
    const kept = flow ?? (caller.isNewFlow ? caller.flow : null);
    const ours = kept ? [pageCookie(deps.issuer, { name: names.flow, value: sealFlow(deps.vault, kept) })] : [];
    return [...caller.cookies, ...ours, ...cookies];
  };
  return {
    cookiesOf,
    mark: (caller) => renderMark(brand(caller)),
    brandName: (caller) => brand(caller).name,
    sessionCookie: (value, maxAgeSeconds) => pageCookie(deps.issuer, { name: names.session, value, maxAgeSeconds }),
    show(caller, { status = 200, formOrigins = [], isWide = false, frames = false, ...view }, onward = {}) {
      const policy = contentSecurityPolicy({
        'form-action': ["'self'", ...formOrigins].join(' '),
        ...imagePolicy(brand(caller)),
        ...(frames && { 'frame-src': "'self'" }),
      });
      return reply({
        status,
        body: renderDocument({ messages: caller.messages, brand: brand(caller), isWide, ...view }).markup,
        headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy, ...REFERRER },
        cookies: cookiesOf(caller, onward),
      });
    },
    lead: (caller, location, onward = {}) =>
      reply({ status: 303, headers: { location, ...REFERRER }, cookies: cookiesOf(caller, onward) }),
  };
}
