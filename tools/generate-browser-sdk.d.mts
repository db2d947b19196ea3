/** Bundles the browser SDK; resolves with the two files that the server serves, by name. */
export function buildBrowserSdk(): Promise<Record<'gatehouse.js' | 'gatehouse.d.ts', string>>;
