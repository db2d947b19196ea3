import type { Route } from '../../platform/http/index.ts';
import type { Answers } from '../frame/index.ts';
import type { PageDeps } from '../page-deps.ts';
import { addressRoutes } from './address-routes.ts';
import { codeRoutes } from './code-routes.ts';
import { passkeyRoutes } from './passkey-routes.ts';

/** `/login` and what is below it. */
export function signInRoutes(deps: PageDeps & { answers: Answers }): Route[] {
  return [...addressRoutes(deps), ...codeRoutes(deps), ...passkeyRoutes(deps)];
}
