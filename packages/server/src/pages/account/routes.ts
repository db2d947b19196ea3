import type { Route } from '../../platform/http/index.ts';
import type { Answers } from '../frame/index.ts';
import type { PageDeps } from '../page-deps.ts';
import { addPasskeyRoutes } from './add-passkey-routes.ts';
import { passkeyRoutes } from './passkey-routes.ts';
import { profileRoutes } from './profile-routes.ts';
import { sessionRoutes } from './session-routes.ts';

/** `/account` and what is below it. */
export function accountRoutes(deps: PageDeps & { answers: Answers }): Route[] {
  return [...profileRoutes(deps), ...passkeyRoutes(deps), ...addPasskeyRoutes(deps), ...sessionRoutes(deps)];
}
