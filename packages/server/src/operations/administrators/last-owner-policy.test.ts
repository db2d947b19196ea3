import { expect, test } from 'vitest';
import { leavesAnOwner } from './last-owner-policy.ts';

type Rights = Parameters<typeof leavesAnOwner>[0][number];

const owner = (id: string, change: Partial<Rights> = {}): Rights => ({
  id,
  roles: ['owner'],
  scope: { kind: 'all' },
  status: 'active',
  ...change,
});
const ofOne = { scope: { kind: 'client', clientId: 'one' } } as const;

// T-008
test.each<[string, Rights[], Rights | null, boolean]>([
  ['the only owner goes', [owner('a')], null, false],
  ['one of two goes', [owner('a'), owner('b')], null, true],
  ['the other is suspended', [owner('a'), owner('b', { status: 'suspended' })], null, false],
  ['the other is only invited', [owner('a'), owner('b', { status: 'invited' })], null, false],
  ['the other owns one client', [owner('a'), owner('b', ofOne)], null, false],
  ['the only owner is demoted', [owner('a')], owner('a', { roles: ['support_admin'] }), false],
  ['the only owner is bound to one client', [owner('a')], owner('a', ofOne), false],
  ['the only owner gains a role', [owner('a')], owner('a', { roles: ['owner', 'billing_admin'] }), true],
  ['somebody who is no owner goes', [owner('a', { roles: ['support_admin'] })], null, true],
])('%s: an owner remains: %4$s', (...[_title, all, changed, remains]) => {
  expect(leavesAnOwner(all, 'a', changed)).toBe(remains);
});
