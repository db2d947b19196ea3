/**
 * The faces a person sees: sign-in, account, sign-out, invitations and the development mailbox, as HTML that works without a script. Every
 * sentence is in `messages`, every rule in the rooms below: pages read a form, call, and show what came of it.
 */
import type { Guards, RawRequest, RefusalPage, Route } from '../platform/http/index.ts';
import type { Refusal } from '../platform/refusals/index.ts';
import { accountRoutes } from './account/index.ts';
import { assetRoutes } from './assets/index.ts';
import { createAnswers, createPageGuards, createRefusalPage } from './frame/index.ts';
import { frontDoorRoutes } from './front-door.ts';
import { invitationRoutes } from './invitation/index.ts';
import { mailboxRoutes } from './mailbox/index.ts';
import type { PageDeps } from './page-deps.ts';
import { signInRoutes } from './sign-in/index.ts';
import { signOutRoutes } from './sign-out/index.ts';
import { uiConfigRoute } from './ui-config.ts';

export interface Pages {
  /** What is switched off with the hosted pages. */
  routes: Route[];
  /** What is always served. */
  assets: Route[];
  guards: Pick<Guards, 'page' | 'page_user'>;
  renderRefusal(refusal: Refusal, request: RawRequest): Promise<RefusalPage>;
}

/** The parts of the house that pages stand on. */
export interface PagesDeps {
  ground: Pick<PageDeps, 'issuer' | 'clock' | 'database' | 'vault' | 'announce' | 'jobs' | 'mailer'> & {
    config: { server: { hostedPages: boolean } };
  };
  rooms: Pick<PageDeps, 'clients' | 'emailCodes' | 'passkeys'> & {
    base: Pick<PageDeps, 'brand' | 'loginMethods'>;
    administration: { signIn: PageDeps['invitations'] };
  };
}

/** All pages of a house. */
export function createPages({ ground, rooms }: PagesDeps): Pages {
  const { issuer, clock, database, vault, announce, jobs, mailer } = ground;
  const { clients, emailCodes, passkeys } = rooms;
  const { brand, loginMethods } = rooms.base;
  const { hostedPages } = ground.config.server;
  const invitations = rooms.administration.signIn;
  const known = { brand, loginMethods, clients, emailCodes, passkeys, invitations };
  const own = { hostedPages, issuer, clock, database, vault, announce, jobs, mailer, ...known };
  const answers = createAnswers(own);
  const deps = { ...own, answers };
  return {
    assets: [...assetRoutes(own), uiConfigRoute(own)],
    routes: [
      ...frontDoorRoutes(answers),
      ...signInRoutes(deps),
      ...accountRoutes(deps),
      ...signOutRoutes(deps),
      ...invitationRoutes(deps),
      ...mailboxRoutes(deps),
    ],
    guards: createPageGuards(own),
    renderRefusal: createRefusalPage(own),
  };
}
