import type { GatehouseClient, GatehouseOptions } from './client.ts';
import { createGatehouse } from './client.ts';
import { readScriptBaseUrl } from './script-base-url.ts';
import { GatehouseSdkError } from './sdk-error.ts';

/** What the script puts on the page: a client of the server it came from, and the way to create others. */
export type GatehouseGlobal = GatehouseClient & {
  createClient(options: GatehouseOptions): GatehouseClient;
  readonly GatehouseSdkError: typeof GatehouseSdkError;
};

const gatehouse: GatehouseGlobal = {
  ...createGatehouse({ baseUrl: readScriptBaseUrl(document.currentScript) }),
  createClient: createGatehouse,
  GatehouseSdkError,
};
window.Gatehouse = gatehouse;
