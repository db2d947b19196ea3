import { expect, test } from 'vitest';
import {
  type AdminRole,
  type AdminScope,
  adminPermissions,
  clientWithin,
  isProofFresh,
  mayAdminister,
  mayGrant,
  reaches,
} from './permissions-policy.ts';

const ALL: AdminScope = { kind: 'all' };
const ONE: AdminScope = { kind: 'client', clientId: 'one' };

test('an owner may do everything', () => {
  for (const permission of adminPermissions) expect(mayAdminister(['owner'], ALL, permission)).toBe(true);
});

test('an auditor reads and exports and changes nothing', () => {
  const allowed = adminPermissions.filter((permission) => mayAdminister(['read_only_auditor'], ALL, permission));
  expect(allowed.filter((permission) => !permission.endsWith(':read'))).toEqual(['audit:export']);
});

test.each(['support_admin', 'billing_admin', 'read_only_auditor', 'security_admin'] as const)(
  '%s cannot make administrators',
  (role) => {
    expect(mayAdminister([role], ALL, 'admins:write')).toBe(false);
  },
);

test('roles add up', () => {
  expect(mayAdminister(['billing_admin', 'support_admin'], ALL, 'users:write')).toBe(true);
});

test('nobody without a role may do anything', () => {
  for (const permission of adminPermissions) expect(mayAdminister([], ALL, permission)).toBe(false);
});

test('a scope of one client never reaches the whole installation', () => {
  for (const permission of ['admins:write', 'config:write', 'audit:purge', 'metrics:read'] as const) {
    expect(mayAdminister(['owner'], ONE, permission)).toBe(false);
  }
  expect(mayAdminister(['owner'], ONE, 'users:write')).toBe(true);
});

test.each([
  [ALL, null, true],
  [ALL, 'one', true],
  [ONE, 'one', true],
  [ONE, 'two', false],
  [ONE, null, false],
  [{ kind: 'organization', clientId: 'one', organizationId: 'o' } as const, 'one', false],
])('the scope %j reaches %s: %s', (scope, clientId, expected) => {
  expect(reaches(scope, clientId)).toBe(expected);
});

// T-074
test.each<[AdminRole[], AdminScope, AdminRole[], AdminScope, boolean]>([
  [['owner'], ALL, ['owner'], ALL, true],
  [['support_admin'], ALL, ['owner'], ALL, false],
  [['support_admin'], ALL, ['support_admin'], ALL, true],
  [['security_admin'], ALL, ['support_admin'], ALL, false],
  [['owner'], ONE, ['owner'], ALL, false],
  [['owner'], ONE, ['support_admin'], ONE, true],
  [['owner'], ONE, ['support_admin'], { kind: 'client', clientId: 'two' }, false],
])('%j with %j may grant %j with %j: %s', (...[roles, scope, given, givenScope, expected]) => {
  expect(mayGrant({ roles, scope }, { roles: given, scope: givenScope })).toBe(expected);
});

// T-073
test('a list is narrowed to the scope of whoever reads it', () => {
  expect(clientWithin(ALL)).toBeNull();
  expect(clientWithin(ONE)).toBe('one');
  expect(clientWithin({ kind: 'organization', clientId: 'one', organizationId: 'o' })).toBe('');
});

test('grave acts need a proof of the last five minutes, reading does not', () => {
  expect(isProofFresh('keys:rotate', 0, 300_000)).toBe(true);
  expect(isProofFresh('keys:rotate', 0, 300_001)).toBe(false);
  expect(isProofFresh('clients:read', 0, 86_400_000)).toBe(true);
});
