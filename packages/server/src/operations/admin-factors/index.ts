/**
 * What administrators do about their own ways to sign in: another password, another authenticator app, passkeys beside it. A password wants the one
 * before, the rest a proof of the last five minutes. Each change is mailed to its owner; guesses count as they do at sign-in.
 */
export { type AdminFactorDeps, adminFactorRoutes } from './routes.ts';
