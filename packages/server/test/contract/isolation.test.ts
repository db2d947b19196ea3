import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listStatements } from '../../src/platform/database/index.ts';
import { startTestServer, type TestServer } from '../kit/test-server.ts';

const source = fileURLToPath(new URL('../../src/', import.meta.url));

let server: TestServer;
let tenantTables: string[];

beforeAll(async () => {
  server = await startTestServer();
  const tables = await server.house.ground.database.read.query.introspection.getTables();
  const owned = tables.filter((table) => table.columns.some((column) => column.name === 'client_id'));
  tenantTables = owned.map((table) => table.name);
  for (const store of globSync('**/{store.ts,store/*.ts}', { cwd: source })) await import(source + store);
});
afterAll(() => server.close());

/** Statements on rows of clients that do not name the client, each with its reason. */
const EXCEPTIONS: readonly [RegExp, string][] = [
  [/^select \* from "sessions" where "id" = \?$/, 'the cookie of a page names a session; its client is read from it'],
  [/^select \* from "client_keys" where "id" = \?$/, 'a key says which client speaks: nothing is known before it'],
  [/^select "client_id" from "client_origins" where "origin" = /, 'an origin says which client speaks'],
  [
    /^delete from "\w+" where "expires_at" < \?( and "failures" = \?)?$/,
    'housekeeping forgets what is over for everybody',
  ],
  [/^delete from "signing_keys" where "slot" = \? and "verifies_until" <= /, 'keys are forgotten when they are over'],
  [/^select \* from "signing_keys" order by /, 'the published set holds the keys of everybody'],
  [
    /^select distinct "rp_id" from "passkeys" where "client_id" <> \?$/,
    'names of relying parties only, to judge a change for the installation',
  ],
  [/ from "audit_leaves" /, 'the log is one tree over the events of everybody; what it holds of them are hashes'],
  [/ from "audit_events" as "event" left join "audit_leaves" /, 'ids only, to verify that every event has its place'],
  [/^delete from "guess_counts" where "updated_at" < /, 'housekeeping forgets what is over for everybody'],
  [/^select "created_at" from "audit_events" order by "id" desc/, 'one time, for the health of the installation'],
  [
    /^select "id" from "audit_events" where "id" >= \? order by "id" limit /,
    'an id only, to find a place in the log by time',
  ],
  [/^select .*"failures" from "webhook_endpoints" where "work_at" <= /, 'the dispatcher works for everybody'],
  [/^select \* from "webhook_endpoints" where "replay_seq" is not null limit /, 'the dispatcher works for everybody'],
  [
    /^select count\(\*\) as "count" from "webhook_deliveries" where "status" = /,
    'one number, for the health of the installation',
  ],
  [/^select "id" from "webhook_endpoints" where "status" = \? limit /, 'whether anybody listens at all'],
  [
    /^(select \*|delete) from "audit_events" where "id" in /,
    'the log goes through the events of everybody by the places they have in it',
  ],
  [/^update "audit_leaves" set "purge_id" = /, 'a purge is the installation’s'],
  [/^delete from "webhook_deliveries" where .* "settled_at" < /, 'housekeeping forgets what is over for everybody'],
];

/** What each statement does to which table of clients. */
function touches(sql: string): string[] {
  return tenantTables.filter((table) => new RegExp(`(from|into|update|join) "${table}"`).test(sql));
}

function namesClient(sql: string): boolean {
  const inserted = /^(?:with "\w+" as \()?insert into "\w+" \(([^)]*)\)/.exec(sql)?.[1];
  if (inserted !== undefined) return inserted.includes('"client_id"');
  return /"client_id"(, '')?\)? (=|is null|in \(select value)/.test(sql.slice(sql.indexOf(' where ')));
}

// T-079
test('every statement on rows of clients names the client, or is on the list with its reason', () => {
  const statements = listStatements('sqlite').filter((sql) => touches(sql).length > 0);
  expect(statements.length).toBeGreaterThan(40);
  const free = statements.filter((sql) => !namesClient(sql));
  expect(free.filter((sql) => !EXCEPTIONS.some(([form]) => form.test(sql)))).toEqual([]);
  const stale = EXCEPTIONS.filter(([form]) => !free.some((sql) => form.test(sql)));
  expect(stale).toEqual([]);
});
