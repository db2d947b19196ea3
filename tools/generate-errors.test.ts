import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorCodes } from '../packages/protocol/src/index.ts';
import { listRefusals } from '../packages/server/src/platform/refusals/index.ts';
import { describeErrors } from './generate-errors.ts';

test('docs/errors.md is what the catalogues of the rooms say', async () => {
  const committed = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8');
  expect(committed).toBe(await describeErrors());
});

test('the error codes of the protocol are exactly those that rooms refuse with', async () => {
  await describeErrors();
  expect([...errorCodes].sort()).toEqual(listRefusals().map(([code]) => code));
});

test('every refusal is a snake_case code with a status of 4xx or 5xx and a sentence', async () => {
  await describeErrors();
  for (const [code, { status, message }] of listRefusals()) {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(message).toMatch(/^[A-Z].*\.$/);
  }
});
