/** The API reference: the OpenAPI 3.1 document, made from the routes that answer, and a page that shows it. */
export { apiReferenceRoutes } from './routes.ts';
