import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { createWorkplace } from '../kit/gatehouse-command.ts';
import { howOften, recordProof } from '../kit/proof.ts';
import { type SmtpTrouble, startSmtpPeer } from '../kit/smtp-peer.ts';
import { startTcpProxy } from '../kit/tcp-proxy.ts';

const EACH = 20;
const QUICK_MS = 300;
const LONGEST_MS = 2_000;
const DEADLINE_MS = 90_000;
const workplace = createWorkplace();
afterAll(() => workplace.clean());

const environment = {
  AUTH_ISSUER: 'http://localhost:7777',
  MAIL_TRANSPORT: 'smtp',
  RATE_LIMIT_EMAIL_PER_IP: '100000',
};

/** What happens to the line, and what the server at its end does. */
const ways = ['cut', 'stall', 'busy', 'forgetful'] as const;

/** Asks for a code; how long the answer took. */
async function askForCode(url: string, email: string): Promise<number> {
  const askedAt = performance.now();
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/email/start`, { method: 'POST', headers, body: JSON.stringify({ email }) });
  if (answer.status !== 200) throw new Error(`/email/start answered ${answer.status} while mail is down`);
  await answer.arrayBuffer();
  return performance.now() - askedAt;
}

async function atLast(holds: () => boolean): Promise<boolean> {
  for (const until = Date.now() + DEADLINE_MS; Date.now() < until; await delay(20)) if (holds()) return true;
  return false;
}

//
// long: one outage after another, in order
test('while no mail can leave, everybody is answered at once, and each mail leaves as soon as one can', async () => {
  const rounds = howOften({ ci: 4, prove: 40 });
  let trouble: SmtpTrouble | null = null;
  const peer = await startSmtpPeer({ trouble: () => trouble });
  onTestFinished(() => peer.close());
  const proxy = await startTcpProxy(peer.port);
  onTestFinished(() => proxy.close());
  await workplace.run(['init'], environment);
  const options = ['--host', '127.0.0.1', '--port', String(proxy.port), '--from-email', 'door@example.com'];
  const added = await workplace.run(['smtp', 'add', ...options, '--secure', 'false'], environment);
  expect(added.stderr).toBe('');
  const server = await workplace.start([], environment);
  // What sends mail is loaded with the first one.
  await askForCode(server.url, 'first@example.com');
  expect(await atLast(() => peer.arrived.length > 0)).toBe(true);
  const violations: string[] = [];
  const took: number[] = [];
  const asked: string[] = [];
  const mailsTo = (email: string) => peer.arrived.filter(({ recipients }) => recipients.includes(email)).length;
  for (let round = 0; round < rounds; round++) {
    const way = ways[round % ways.length] ?? 'cut';
    if (way === 'cut' || way === 'stall') proxy[way]();
    else trouble = way;
    for (let i = 0; i < EACH; i++) {
      const email = `person${asked.length}@example.com`;
      asked.push(email);
      took.push(await askForCode(server.url, email));
    }
    proxy.pass();
    trouble = null;
    if (!(await atLast(() => asked.every((email) => mailsTo(email) > 0))))
      violations.push(`R-030 after a ${way} mails are missing`);
  }
  for (const email of asked) if (mailsTo(email) > 2) violations.push(`R-030 ${mailsTo(email)} mails went to ${email}`);
  took.sort((a, b) => a - b);
  const slowest = took.at(-1) ?? 0;
  if (slowest > LONGEST_MS) violations.push(`R-030 somebody waited ${Math.round(slowest)} ms`);
  const usual = took[Math.floor(took.length * 0.9)] ?? 0;
  recordProof({
    id: 'mail-down',
    chapter: 'Faults',
    act: 'The SMTP server is cut off, says nothing, refuses for now, or takes mails and loses the line before it says so, while people ask for codes; then it is back',
    rows: ['R-030'],
    times: rounds,
    of: 'outages',
    violations,
    figures: {
      'mails that left late': asked.length,
      '90 of 100 answers within (ms)': Math.round(usual),
      'slowest answer (ms)': Math.round(slowest),
    },
  });
  expect(violations).toEqual([]);
  expect(usual).toBeLessThan(QUICK_MS);
  await server.end('SIGTERM');
});
