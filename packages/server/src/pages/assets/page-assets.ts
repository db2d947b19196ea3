import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { packageFile } from '../../package-file.ts';

/** A file as it is sent. */
export interface Asset {
  content: Buffer;
  /** Changes with the content. */
  tag: string;
}

const FOLDER = packageFile('assets/');
const kept = new Map<string, Asset>();

/** Reads a file of the assets folder once; null as long as it is not there. */
export function readAsset(path: string): Asset | null {
  const known = kept.get(path);
  if (known) return known;
  const file = new URL(path, FOLDER);
  if (!existsSync(file)) return null;
  const content = readFileSync(file);
  const asset = { content, tag: tagOf(content) };
  kept.set(path, asset);
  return asset;
}

export function tagOf(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 12);
}

/** The address of a page's own file, with its version in it, so that browsers may keep it for good. */
export function assetAddress(name: 'auth-ui.css' | 'auth-ui.js'): string {
  return `/${name}?v=${readAsset(`pages/${name}`)?.tag ?? ''}`;
}
