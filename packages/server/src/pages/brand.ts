import { type Client, DEFAULT_CLIENT } from '../tenancy/clients/index.ts';
import type { PageDeps } from './page-deps.ts';

/** How a client's pages look: everything else is the same for everybody. */
export interface Brand {
  name: string;
  /** `#rrggbb`, not yet corrected for contrast. */
  color: string | undefined;
  logo: string | undefined;
  /** The address of the sheet with the colour; null when the house's own will do. */
  sheet: string | null;
}

/** What the policy of a page must add for the logo on it: its host and no other. */
export function imagePolicy({ logo }: Brand): Record<string, string> {
  return logo === undefined ? {} : { 'img-src': `'self' data: ${new URL(logo).origin}` };
}

/** The brand of a client: its own settings, else those of the server. */
export function brandOf(client: Client | null, otherwise: PageDeps['brand']): Brand {
  const own = client?.settings.auth_ui;
  const color = own?.primary_color ?? otherwise.color;
  const query = client && client.id !== DEFAULT_CLIENT ? `?client_id=${encodeURIComponent(client.id)}` : '';
  return {
    name: own?.brand_name ?? otherwise.name,
    color,
    logo: own?.logo_url,
    sheet: color === undefined ? null : `/brand.css${query}`,
  };
}
