import { Type } from 'typebox';
import { defineRoute, type Route, reply } from '../platform/http/index.ts';
import type { Answers } from './frame/index.ts';

const base = { method: 'GET', kind: 'page', tag: 'Pages', responses: { 303: Type.String() } } as const;

/** Addresses of before, and of other products: each leads to the page that took its place (D25). */
const OLD_ADDRESSES: Record<string, string> = {
  '/login.html': '/login',
  '/signup.html': '/login',
  '/signup': '/login',
  '/account.html': '/account',
  '/logout.html': '/logout',
};

function oldAddress(path: string, location: string): Route {
  return defineRoute({
    ...base,
    access: 'public',
    path,
    summary: `Leads to ${location}`,
    handle({ query }) {
      const kept = new URLSearchParams(
        Object.entries(query).filter(([, value]) => typeof value === 'string'),
      ).toString();
      return reply({ status: 308, headers: { location: kept === '' ? location : `${location}?${kept}` } });
    },
  });
}

/** `/` and the addresses that lead on. */
export function frontDoorRoutes(answers: Answers): Route[] {
  const home = defineRoute({
    ...base,
    access: 'page',
    path: '/',
    summary: 'Leads to the account, or to the sign-in',
    handle: ({ caller }) => answers.lead(caller, caller.session ? '/account' : '/login'),
  });
  return [home, ...Object.entries(OLD_ADDRESSES).map(([path, location]) => oldAddress(path, location))];
}
