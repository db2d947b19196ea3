/** One entry of a room's catalogue of refusals. */
export interface RefusalEntry {
  status: number;
  /** A sentence for the person or developer on the other side; nothing secret. */
  message: string;
  /** The OAuth 2 error code (RFC 6749 §5.2), where the catalogue's own code is not one. */
  oauth?: string;
}

export interface RefusalDetail {
  /** For the log only. */
  detail?: string;
  headers?: Record<string, string>;
  /** Fields merged into the body of the answer (`details`, `challenge_token`…). */
  body?: Record<string, unknown>;
}

/** An expected "no". Everything else that is thrown is a fault. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly code: string;
  readonly status: number;
  readonly oauth: string | undefined;
  readonly detail: string | undefined;
  readonly headers: Record<string, string>;
  readonly body: Record<string, unknown>;

  constructor(code: string, entry: RefusalEntry, extra: RefusalDetail = {}) {
    super(entry.message);
    this.code = code;
    this.status = entry.status;
    this.oauth = entry.oauth;
    this.detail = extra.detail;
    this.headers = extra.headers ?? {};
    this.body = extra.body ?? {};
  }
}

const catalogue = new Map<string, RefusalEntry>();

/**
 * Declares a room's refusals by code and returns a maker for each. Codes are unique over the whole server: the second room
 * to claim one fails at start.
 */
export function defineRefusals<C extends string>(
  entries: Record<C, RefusalEntry>,
): Record<C, (extra?: RefusalDetail) => Refusal> {
  const makers = {} as Record<C, (extra?: RefusalDetail) => Refusal>;
  for (const code of Object.keys(entries) as C[]) {
    if (catalogue.has(code)) throw new Error(`two rooms define the refusal ${code}`);
    catalogue.set(code, entries[code]);
    makers[code] = (extra) => new Refusal(code, entries[code], extra);
  }
  return makers;
}

/** Every refusal of the server, by code: the source of docs/errors.md. */
export function listRefusals(): [string, RefusalEntry][] {
  return [...catalogue].sort(([a], [b]) => a.localeCompare(b));
}
