/**
 * Administration of webhooks: the API with which administrators of a client keep its endpoints, test them, and look after what was sent.
 * What endpoints and deliveries are is the room `webhooks`.
 */
export { webhookRoutes } from './routes.ts';
