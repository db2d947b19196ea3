import { httpRefusals } from '../../platform/http/index.ts';
import { type DocumentProblem, mergePatch } from '../../platform/json/index.ts';
import { type ClientSettings, checkSettings, normaliseOrigin } from '../../tenancy/clients/index.ts';

function refuse(details: DocumentProblem[]): void {
  if (details.length > 0) throw httpRefusals.invalid_request({ body: { details } });
}

/** The origins in normal form, each once. Throws invalid_request naming each that is none. */
export function readOrigins(origins: readonly string[]): string[] {
  const read = origins.map((text) => normaliseOrigin(text));
  const problem = 'must be scheme, host and port of a page, without a path';
  refuse(read.flatMap((origin, at) => (origin === null ? [{ field: `allowed_origins.${at}`, problem }] : [])));
  return [...new Set(read as string[])];
}

/** Settings with a patch merged into them (RFC 7396), checked as a whole. Throws invalid_request naming the fields. */
export function readSettingsPatch(before: ClientSettings, patch: unknown): ClientSettings {
  const merged = mergePatch(before, patch);
  refuse(checkSettings(merged));
  return merged as ClientSettings;
}

/** An address for webhooks as it was given. Throws invalid_request when it is none, or holds a password. */
export function readWebhookUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain = url !== null && url.username === '' && url.password === '';
  refuse(isPlain ? [] : [{ field: 'webhook_url', problem: 'must be an absolute URL without user name and password' }]);
  return text;
}
