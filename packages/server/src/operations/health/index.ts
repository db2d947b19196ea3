/** Health: liveness says the process answers, readiness says it can do its work (D28). */
export { healthRoutes } from './routes.ts';
