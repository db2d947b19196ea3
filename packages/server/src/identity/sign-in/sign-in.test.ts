import { expect, test } from 'vitest';
import { assuranceOf, type SignInMethod } from './assurance-policy.ts';
import { type Action, nextState, type State } from './steps.ts';

const assurances: [SignInMethod, string, string][] = [
  // N-13
  [{ kind: 'email_code' }, 'otp', 'aal1'],
  // W-42
  [{ kind: 'passkey', synced: true, verified: true }, 'swk user', 'aal2'],
  [{ kind: 'passkey', synced: false, verified: true }, 'hwk user', 'aal2'],
  // W-13
  [{ kind: 'passkey', synced: false, verified: false }, 'hwk', 'aal1'],
];

test.each(assurances)('%j is told as %s at level %s', (method, amr, acr) => {
  expect(assuranceOf(method)).toEqual({ amr: amr.split(' '), acr });
});

const rungs: [State, Action, State | null][] = [
  ['identify', 'send_email_code', 'code_sent'],
  ['identify', 'verify_email_code', null],
  ['identify', 'verify_passkey', 'complete'],
  ['code_sent', 'verify_email_code', 'complete'],
  ['complete', 'verify_email_code', null],
];

test.each(rungs)('from %s, %s leads to %s', (state, action, next) => {
  expect(nextState(state, action)).toBe(next);
});
