import { GatehouseSdkError } from './sdk-error.ts';

/** Finds the server's base URL in the address of the script that it served; a path prefix is kept. */
export function readScriptBaseUrl(script: unknown): string {
  const source = script && typeof script === 'object' && 'src' in script ? String(script.src) : '';
  const [address = ''] = source.split(/[?#]/);
  const baseUrl = address.replace(/(?:\/sdk)?\/gatehouse\.js$/, '');
  if (baseUrl === address) {
    throw new GatehouseSdkError('sdk_init_failed', 'The script must be loaded by a script tag from …/gatehouse.js.');
  }
  return baseUrl;
}
