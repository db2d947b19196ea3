// Loaded into a server before its own code (`node --import`): a request that carries x-kill-at ends the process with SIGKILL
// at one of its calls to the database. The product knows nothing of it.
//
//   x-kill-at: 3 before    before the third call since the request arrived
//   x-kill-at: 3 sent      when the third call is on its way and nobody knows what became of it
//   x-kill-at: 3 after     when the third call has been answered
//
// For a command, which has no requests, KILL_AT says the same of all its calls.
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import pg from 'pg';

let point = readPoint(process.env.KILL_AT);
let calls = 0;

function readPoint(text = ''): { call: number; side: string } | null {
  const [call, side] = text.split(' ');
  return side === undefined ? null : { call: Number(call), side };
}

subscribe('http.server.request.start', (message) => {
  const { request } = message as { request: IncomingMessage };
  const asked = readPoint(String(request.headers['x-kill-at'] ?? ''));
  if (asked === null) return;
  calls = 0;
  point = asked;
});

function die(side: string): void {
  if (point?.side === side && point.call === calls) process.kill(process.pid, 'SIGKILL');
}

type Method = (this: unknown, ...values: unknown[]) => unknown;

/** Counts the calls of a method; `settle` says when a call has been answered. */
function count(owner: object, name: string, settle: (value: unknown) => unknown): void {
  const methods = owner as Record<string, Method>;
  const original = methods[name] as Method;
  methods[name] = function counted(...values) {
    calls++;
    die('before');
    const value = original.apply(this, values);
    die('sent');
    return settle(value);
  };
}

const atOnce = (value: unknown) => {
  die('after');
  return value;
};

const later = (value: unknown) => (value instanceof Promise ? value.then(atOnce) : value);

count(DatabaseSync.prototype, 'exec', atOnce);
for (const name of ['run', 'get', 'all']) count(StatementSync.prototype, name, atOnce);
count(pg.Client.prototype, 'query', later);
