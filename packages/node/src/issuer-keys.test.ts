import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSigningKey, startLocalIssuer } from '../test/local-issuer.ts';
import { createVerifier } from './verifier.ts';

let local: Awaited<ReturnType<typeof startLocalIssuer>>;
let nowMs = Date.now();
beforeEach(async () => {
  local = await startLocalIssuer();
  nowMs = Date.now();
});
afterEach(() => local.close());

const createChecked = () => createVerifier({ issuer: local.issuer, now: () => nowMs, maxCacheEntries: 0 });
const longLived = { claims: { exp: Math.floor(Date.now() / 1000) + 86_400 } };

// T-089
it('asks for keys at most once in 30 seconds however many unknown key ids arrive', async () => {
  const checked = createChecked();
  await checked.verify(await local.signToken());
  nowMs += 31_000;
  const stranger = await createSigningKey();
  const storm = Array.from({ length: 200 }, (_, index) =>
    local.signToken({ key: { ...stranger, kid: `kid-${index}` } }),
  );
  const results = await Promise.allSettled(storm.map(async (token) => checked.verify(await token)));
  expect(results.every(({ status }) => status === 'rejected')).toBe(true);
  expect(local.state.requests).toBe(2);
  await expect(checked.verify(await local.signToken())).resolves.toMatchObject({ userId: 'user-1' });
});

it('asks once when the first tokens arrive together', async () => {
  const checked = createChecked();
  const tokens = await Promise.all(Array.from({ length: 20 }, () => local.signToken()));
  await Promise.all(tokens.map((token) => checked.verify(token)));
  expect(local.state.requests).toBe(1);
});

it('picks up a rotated key as soon as a token signed with it arrives', async () => {
  const checked = createChecked();
  await checked.verify(await local.signToken());
  const key = await createSigningKey();
  local.state.published = [key.jwk];
  nowMs += 31_000;
  await expect(checked.verify(await local.signToken({ key }))).resolves.toMatchObject({ userId: 'user-1' });
  await expect(checked.verify(await local.signToken())).rejects.toMatchObject({ code: 'token_signature_invalid' });
});

it('stops accepting a withdrawn key within ten minutes', async () => {
  const checked = createVerifier({ issuer: local.issuer, now: () => nowMs });
  const token = await local.signToken(longLived);
  await checked.verify(token);
  local.state.published = [(await createSigningKey()).jwk];
  nowMs += 600_000;
  await expect(checked.verify(token)).rejects.toMatchObject({ code: 'token_signature_invalid' });
});

it('says that keys are unavailable when there never were any, and recovers a second later', async () => {
  local.state.isDown = true;
  const checked = createChecked();
  const token = await local.signToken();
  await expect(checked.verify(token)).rejects.toMatchObject({ code: 'keys_unavailable' });
  await expect(checked.verify(token)).rejects.toMatchObject({ code: 'keys_unavailable' });
  expect(local.state.requests).toBe(1);
  local.state.isDown = false;
  nowMs += 1_000;
  await expect(checked.verify(token)).resolves.toMatchObject({ userId: 'user-1' });
});

it('keeps the last good keys while the key server is down, however old they are', async () => {
  const checked = createChecked();
  const token = await local.signToken(longLived);
  await checked.verify(token);
  local.state.isDown = true;
  nowMs += 3_600_000;
  await expect(checked.verify(token)).resolves.toMatchObject({ userId: 'user-1' });
  await expect(checked.verify(token)).resolves.toMatchObject({ userId: 'user-1' });
  expect(local.state.requests).toBe(2);
});

it('does not call a token bad when its key is unknown only because the key server is down', async () => {
  const checked = createChecked();
  await checked.verify(await local.signToken());
  local.state.isDown = true;
  nowMs += 31_000;
  const token = await local.signToken({ key: await createSigningKey() });
  await expect(checked.verify(token)).rejects.toMatchObject({ code: 'keys_unavailable' });
});

it.each(['not json', '{"keys":"none"}', '[]'])('treats the key document %j as unavailable keys', async (text) => {
  const fetchText = async () => new Response(text);
  const checked = createVerifier({ issuer: local.issuer, fetch: fetchText });
  await expect(checked.verify(await local.signToken())).rejects.toMatchObject({ code: 'keys_unavailable' });
});

it('asks the configured address below a path prefix', async () => {
  const asked: string[] = [];
  const fetchNothing = async (input: unknown) => {
    asked.push(String(input));
    return new Response('', { status: 404 });
  };
  const options = [
    { issuer: 'https://a.example/t/1/' },
    { issuer: 'https://a.example', jwksUri: 'https://k.example/keys' },
  ];
  for (const option of options) {
    const checked = createVerifier({ ...option, fetch: fetchNothing });
    await expect(checked.verify(await local.signToken())).rejects.toMatchObject({ code: 'keys_unavailable' });
  }
  expect(asked).toEqual(['https://a.example/t/1/.well-known/jwks.json', 'https://k.example/keys']);
});
