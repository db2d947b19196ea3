/** The profile: what a signed-in user sees and changes of themselves, on the API and on the direct paths. */
export { profileRoutes } from './routes.ts';
