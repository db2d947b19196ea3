/** What a handler answers when a plain 200 with a body is not enough. */
export interface Reply {
  readonly isReply: true;
  status: number;
  body: unknown;
  headers: Record<string, string>;
  cookies: string[];
}

/** Builds an answer; `cookies` are whole Set-Cookie values (see `writeCookie`). */
export function reply(parts: Partial<Omit<Reply, 'isReply'>>): Reply {
  return { isReply: true, status: 200, body: undefined, headers: {}, cookies: [], ...parts };
}

export function isReply(value: unknown): value is Reply {
  return typeof value === 'object' && value !== null && 'isReply' in value;
}
