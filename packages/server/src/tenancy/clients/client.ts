import type { ClientSettings } from './client-settings.ts';

/** The client every installation starts with: the direct paths and requests that name nobody belong to it. */
export const DEFAULT_CLIENT = 'default';

/**
 * The client whose users administer the installation. It is nobody's product: no key, id or origin names it from outside, and no list shows it.
 */
export const ADMINISTRATORS_CLIENT = 'administrators';

/** One tenant. */
export interface Client {
  id: string;
  slug: string;
  name: string;
  status: 'active' | 'disabled';
  settings: ClientSettings;
}
