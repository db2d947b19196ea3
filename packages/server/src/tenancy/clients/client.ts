import type { ClientSettings } from './client-settings.ts';

/** The client every installation starts with: the direct paths and requests that name nobody belong to it. */
export const DEFAULT_CLIENT = 'default';

/** One tenant. */
export interface Client {
  id: string;
  slug: string;
  name: string;
  status: 'active' | 'disabled';
  settings: ClientSettings;
}
