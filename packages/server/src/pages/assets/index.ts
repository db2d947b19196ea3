/**
 * Assets: the sheet, script and icon of the pages, the colour of a brand, and the browser SDK for everybody. They stay when
 * the hosted pages are switched off: the API reference and other people's pages use them.
 */
export { assetAddress } from './page-assets.ts';
export { assetRoutes } from './routes.ts';
