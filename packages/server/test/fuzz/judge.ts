import { errorCodes } from '@gatehouse/protocol';
import type { FuzzRoute } from './read-routes.ts';
import type { FuzzRequest } from './requests.ts';
import type { FuzzAnswer } from './send.ts';

const SLOWEST_MS = 2000;
const BODY_LIMIT = 65_536;
const codes: ReadonlySet<string> = new Set(errorCodes);

/** The parser of HTTP itself refused: no route was reached, and nothing of ours answered. */
function isParsersAnswer({ status, headers }: FuzzAnswer): boolean {
  return [400, 413, 417, 431].includes(status) && headers['x-request-id'] === undefined;
}

function problemOfForm(route: FuzzRoute, asked: FuzzRequest, answer: FuzzAnswer): string | null {
  const { status, headers, text } = answer;
  if (status < 400 || asked.method === 'HEAD' || isParsersAnswer(answer)) return null;
  const type = headers['content-type'] ?? '';
  const forPerson = route.access === 'page' || (asked.headers.accept ?? '').includes('text/html');
  if (forPerson && type.startsWith('text/html')) return null;
  if (!type.startsWith('application/json')) return `answers ${status} as ${type || 'nothing'}`;
  const { error } = JSON.parse(text) as { error?: string };
  return error !== undefined && codes.has(error) ? null : `answers ${status} with the unknown error ${error}`;
}

/** What is wrong with an answer; null when it is one that may be given to such a request. */
export function judge(
  route: FuzzRoute,
  { asked, answer, canaries }: { asked: FuzzRequest; answer: FuzzAnswer; canaries: readonly string[] },
): string | null {
  const { status, cut, tookMs, text, headers } = answer;
  // A connection may be closed on somebody who goes on sending after they were refused.
  if (cut !== null) return (asked.body?.length ?? 0) > BODY_LIMIT ? null : `is cut: ${cut}`;
  if (status >= 500) return `answers ${status}: ${text.slice(0, 200)}`;
  if (tookMs > SLOWEST_MS) return `takes ${Math.round(tookMs)} ms`;
  const told = text + JSON.stringify(headers);
  const leaked = canaries.find((secret) => told.includes(secret));
  if (leaked !== undefined) return `answers ${status} with the secret ${leaked.slice(0, 9)}…`;
  return problemOfForm(route, asked, answer);
}
