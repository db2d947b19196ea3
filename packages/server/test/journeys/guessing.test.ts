import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPasskeyDriver } from '../kit/passkey-driver.ts';
import { startTestServer, type TestServer } from '../kit/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const start = (email: string) => server.ask('/email/start', { body: { email } });
const verify = (email: string, code: string) => server.ask('/email/verify', { body: { email, code } });

/** Guesses wrong a hundred times, five for each code, with the limits of networks out of the way. */
async function guessHundredTimes(email: string): Promise<void> {
  for (let codes = 0; codes < 20; codes++) {
    await start(email);
    const wrong = (await server.codeFor(email)) === '000000' ? '111111' : '000000';
    for (let guesses = 0; guesses < 5; guesses++) await verify(email, wrong);
  }
}

// N-10
test('after a hundred wrong guesses in a row not even the right code is accepted', async () => {
  await guessHundredTimes('guessed@example.com');
  await start('guessed@example.com');
  const answer = await verify('guessed@example.com', await server.codeFor('guessed@example.com'));
  expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_email_otp' } });
});

// N-10
test('an owner who signs in with their passkey can be signed in to by code again', async () => {
  const email = 'owner@example.com';
  const passkeys = createPasskeyDriver(server);
  const authenticator = passkeys.authenticator();
  await passkeys.register((await server.signIn(email)).body.access_token, authenticator);
  await guessHundredTimes(email);
  expect((await passkeys.authenticate(authenticator)).status).toBe(200);
  expect((await server.signIn(email)).status).toBe(200);
});
