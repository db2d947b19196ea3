import { describe, expect, test } from 'vitest';
import { rotateSigningKeys } from '../../src/tenancy/signing-keys/index.ts';
import { databaseKinds } from '../kit/databases.ts';
import { howOften, recordProof } from '../kit/proof.ts';
import { serveTwiceOn } from '../kit/serve-on.ts';
import type { TestServer } from '../kit/test-server.ts';

const ROUNDS = howOften({ ci: 20, prove: 200 });
const PURPOSE = 'signing-key';

describe.each(databaseKinds())('two nodes on one $name', (kind) => {
  const { nodes } = serveTwiceOn(kind);

  const storedSecrets = async (clientId: string) => {
    const { database, vault } = nodes()[0].house.ground;
    const keys = database.read.query.selectFrom('signing_keys').select('private_sealed');
    const rows = await keys.where('client_id', '=', clientId).execute();
    return rows.map((row) => vault.open(PURPOSE, row.private_sealed));
  };

  //
  test('that rotate the keys of the issuer at once leave one current key and one in waiting', async () => {
    const violations: string[] = [];
    const { query } = nodes()[0].house.ground.database.read;
    const keysOfIssuer = () =>
      query.selectFrom('signing_keys').select(['kid', 'slot']).where('client_id', 'is', null).execute();
    for (let round = 0; round < ROUNDS; round++) {
      const before = new Set((await keysOfIssuer()).map(({ kid }) => kid));
      const rotate = (at: number) =>
        rotateSigningKeys({ ...(nodes()[at % 2] as TestServer).house.ground, longestTokenTtlMs: 900_000 });
      const made = await Promise.allSettled(Array.from({ length: 8 }, (_, at) => rotate(at)));
      for (const one of made) if (one.status === 'rejected') violations.push(String(one.reason));
      const rows = await keysOfIssuer();
      const fresh = rows.filter(({ kid }) => !before.has(kid)).length;
      if (fresh !== 8) violations.push(`${fresh} new keys after eight rotations`);
      const inUse = rows.map(({ slot }) => slot).filter((slot) => slot !== 'RETIRED');
      if (inUse.sort().join() !== 'CURRENT,STANDBY') violations.push(`in use: ${inUse.join()}`);
    }
    recordProof({
      id: `race-rotation-${kind.name.toLowerCase()}`,
      chapter: 'Races',
      act: `Eight rotate the issuer's keys at once, on two nodes and one ${kind.name}: one current key, one in waiting`,
      rows: ['R-005'],
      times: ROUNDS,
      of: 'rounds',
      violations,
    });
    expect(violations).toEqual([]);
  });

  // R030
  test('that turn one client to the legacy token mode at once answer with secrets that are kept', async () => {
    const violations: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const created = await nodes()[0].askAsOwner('/api/admin/clients', { body: { name: `Legacy ${round}` } });
      const path = `/api/admin/clients/${created.body.client.id}`;
      const request = { method: 'PATCH', body: { token_mode: 'v1_hs256' } };
      const answers = await Promise.all(nodes().map((node) => node.askAsOwner(path, request)));
      const kept = await storedSecrets(created.body.client.id);
      const told = answers.flatMap(({ body }) => (body.jwt_secret ? [body.jwt_secret as string] : []));
      if (told.length === 0) violations.push(`nobody was told a secret: ${answers.map(({ status }) => status)}`);
      for (const secret of told) if (!kept.includes(secret)) violations.push('a secret was told and not kept');
    }
    recordProof({
      id: `race-legacy-${kind.name.toLowerCase()}`,
      chapter: 'Races',
      act: `Two nodes on one ${kind.name} turn one client to the legacy token mode at once; every secret that is told is kept`,
      rows: ['R030'],
      times: ROUNDS,
      of: 'rounds',
      violations,
    });
    expect(violations).toEqual([]);
  });
});
