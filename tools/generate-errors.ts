// Writes docs/errors.md from the refusal catalogues of the server.
import { globSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { listRefusals, type RefusalEntry } from '../packages/server/src/platform/refusals/index.ts';

const server = new URL('../packages/server/src/', import.meta.url);

const introduction = `# Errors

Every refusal of the API has this body. \`error\` is stable and meant for programs, \`message\` is a sentence for people, and
\`request_id\` finds the request in the log (the header \`X-Request-Id\` says the same).

\`\`\`json
{ "error": "invalid_email_otp", "message": "That code is not right, or no longer works.", "request_id": "…" }
\`\`\`

\`invalid_request\` may carry \`details\`, a list of \`{ "field", "problem" }\`. Answers with 429 and 503 carry \`Retry-After\` in
seconds where the server knows it. New codes may appear: treat one you do not know by its status.

A refused code or passkey has used up that try, and \`refresh_token_reused\` has ended the session; every other refusal has
changed nothing. After 500, or an answer that never came, nobody can tell: asking again is safe for every address that only
reads, and for refresh within the grace time (see [the session contract](session-contract.md)).

Where a code of OAuth 2 exists, it is in the last column.

<!-- Generated from the errors.ts of every room by \`npm run generate\`. -->
`;

async function collectByRoom(): Promise<[code: string, entry: RefusalEntry, room: string][]> {
  const rooms = new Map<string, string>();
  const claim = (room: string) => {
    for (const [code] of listRefusals()) if (!rooms.has(code)) rooms.set(code, room);
  };
  await import(new URL('platform/http/refusals.ts', server).href);
  claim('every address');
  for (const path of globSync('**/errors.ts', { cwd: fileURLToPath(server) }).sort()) {
    await import(new URL(path, server).href);
    claim(path.split('/').at(-2) ?? path);
  }
  return listRefusals().map(([code, entry]) => [code, entry, rooms.get(code) ?? '']);
}

/** Renders docs/errors.md. */
export async function describeErrors(): Promise<string> {
  const rows = (await collectByRoom()).map(
    ([code, { status, message, oauth }, room]) =>
      `| \`${code}\` | ${status} | ${message} | ${room} | ${oauth === undefined ? '' : `\`${oauth}\``} |`,
  );
  const head = '| error | status | message | from | OAuth |\n|---|---|---|---|---|';
  return `${introduction}\n${head}\n${rows.join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('../docs/errors.md', import.meta.url), await describeErrors());
}
