import { INSTALLATION } from '../../platform/events/index.ts';
import type { ClientSettings } from './client-settings.ts';

/** The client every installation starts with: the direct paths and requests that name nobody belong to it. */
export const DEFAULT_CLIENT = 'default';

/** The pool that administrators live in: no product, and never administered as one. */
export const ADMINISTRATORS_CLIENT = INSTALLATION;

/** That pool where a client is asked for: it has no settings, so the installation's hold. */
export const ADMINISTRATORS_POOL = { id: ADMINISTRATORS_CLIENT, settings: {} } as const;

/** `v2_jwks`: keys that everybody can verify with. `v1_hs256`: one secret shared with the back end (legacy). */
export type TokenMode = 'v2_jwks' | 'v1_hs256';

/** One tenant. */
export interface Client {
  id: string;
  slug: string;
  name: string;
  status: 'active' | 'disabled';
  settings: ClientSettings;
}

/** A client as it is administered. */
export interface ClientRecord extends Client {
  webhookUrl: string | null;
  tokenMode: TokenMode;
  /** In normal form, oldest first. */
  allowedOrigins: string[];
  createdAt: number;
  updatedAt: number;
}
