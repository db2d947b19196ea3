import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { createWorkplace, type RunningServer } from '../kit/gatehouse-command.ts';
import { howOften, recordProof } from '../kit/proof.ts';

const SESSIONS = 8;
const KILLS = howOften({ ci: 4, prove: 40 });
const workplace = createWorkplace();
afterAll(() => workplace.clean());

interface Held {
  sessionId: string;
  /** The newest refresh token whose arrival was answered. */
  token: string;
}

const environment = {
  AUTH_ISSUER: 'http://localhost:7777',
  RATE_LIMIT_EMAIL_PER_ADDRESS: '1000',
  LOG_LEVEL: 'info',
};

const post = (server: RunningServer, path: string, body: object) =>
  fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** The newest code in the development mailbox, read from the file itself; waits until its job has run. */
async function newestCode(email: string): Promise<string> {
  const db = new DatabaseSync(join(workplace.folder, 'gatehouse.sqlite'), { readOnly: true });
  try {
    for (;;) {
      const found = db.prepare('select text from development_mails where recipient = ? order by id desc').get(email);
      const code = /\b\d{6}\b/.exec(String(found?.text))?.[0];
      if (code) return code;
      await new Promise(setImmediate);
    }
  } finally {
    db.close();
  }
}

async function signIn(server: RunningServer, email: string): Promise<Held> {
  await post(server, '/email/start', { email });
  const answer = await post(server, '/email/verify', { email, code: await newestCode(email) });
  const body = (await answer.json()) as { session_id: string; refresh_token: string };
  return { sessionId: body.session_id, token: body.refresh_token };
}

/** Refreshes one session over and over until the server is gone, remembering only what was answered. */
async function keepRefreshing(server: RunningServer, held: Held): Promise<number> {
  for (let answered = 0; ; answered++) {
    try {
      const answer = await post(server, '/session/refresh', { session_id: held.sessionId, refresh_token: held.token });
      const body = (await answer.json()) as { refresh_token: string };
      if (answer.status !== 200) throw new Error(`refused: ${JSON.stringify(body)}`);
      held.token = body.refresh_token;
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('refused')) throw error;
      return answered;
    }
  }
}

// An answered write survives kill -9; T-005
test('however often the server is killed, nobody who got an answer is signed out', async () => {
  let server = await workplace.start([], environment);
  const held: Held[] = [];
  for (let i = 0; i < SESSIONS; i++) held.push(await signIn(server, `held${i}@example.com`));
  for (let kill = 0; kill < KILLS; kill++) {
    const loops = held.map((one) => keepRefreshing(server, one));
    const before = held[kill % SESSIONS]?.token;
    while (held[kill % SESSIONS]?.token === before) await new Promise(setImmediate);
    await server.end('SIGKILL');
    const answered = await Promise.all(loops);
    expect(Math.max(...answered)).toBeGreaterThan(0);
    server = await workplace.start([], environment);
    // The token of the last answer works: either it is the one in force, or its successor's answer was lost and is repeated.
    for (const one of held) {
      const answer = await post(server, '/session/refresh', { session_id: one.sessionId, refresh_token: one.token });
      const body = (await answer.json()) as { refresh_token: string };
      expect({ status: answer.status, body }).toMatchObject({ status: 200 });
      one.token = body.refresh_token;
    }
  }
  recordProof({
    id: 'kill-refresh-sqlite',
    chapter: 'Kills',
    act: 'Eight people refresh without a pause; the server is killed with SIGKILL; each goes on with the token of the last answer',
    rows: ['T-005'],
    times: KILLS,
    of: 'kills',
    violations: [],
  });
  await server.end('SIGTERM');
});
