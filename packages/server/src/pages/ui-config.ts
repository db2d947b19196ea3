import { UiConfig } from '@gatehouse/protocol';
import { languageNames } from '../messages/index.ts';
import { defineRoute, type Route } from '../platform/http/index.ts';
import { readableAccent } from '../platform/mail/index.ts';
import { brandOf } from './brand.ts';
import type { PageDeps } from './page-deps.ts';

/** What a front end needs to look like its client and to offer what works (R355). */
export function uiConfigRoute(deps: PageDeps): Route {
  return defineRoute({
    method: 'GET',
    path: '/api/auth/ui/config',
    access: 'client',
    cors: 'tokens',
    tag: 'Sign-in',
    summary: 'The brand of a client, its ways to sign in, and where its pages are',
    responses: { 200: UiConfig },
    refusals: ['invalid_client', 'invalid_api_key', 'client_disabled'],
    handle({ caller: { client } }) {
      const brand = brandOf(client, deps.brand);
      const own = client.settings.auth_ui;
      const { onLight, onDark } = readableAccent(brand.color);
      const methods = (['email_otp', 'magic_link', 'oauth', 'passkey', 'password', 'phone_otp'] as const).filter(
        (one) => deps.loginMethods.allows(one),
      );
      const at = (path: string) => `${deps.issuer}${path}?client_id=${encodeURIComponent(client.id)}`;
      return {
        client_id: client.id,
        brand_name: brand.name,
        logo_url: brand.logo ?? null,
        primary_color: brand.color ?? null,
        accent: { on_light: onLight, on_dark: onDark },
        locale: own?.locale ?? null,
        locales: Object.keys(languageNames),
        redirect_url: own?.redirect_url ?? null,
        login_methods: methods,
        oauth_providers: methods.includes('oauth') ? (own?.oauth_providers ?? []) : [],
        pages: deps.hostedPages ? { sign_in: at('/login'), account: `${deps.issuer}/account` } : null,
      };
    },
  });
}
