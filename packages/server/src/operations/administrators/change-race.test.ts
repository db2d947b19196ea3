import { describe, expect, test } from 'vitest';
import { invite } from '../../../test/kit/administrators.ts';
import { databaseKinds } from '../../../test/kit/databases.ts';
import { serveOn } from '../../../test/kit/serve-on.ts';

const PEOPLE = 20;
const PATH = '/api/admin/users';

describe.each(databaseKinds())('two owners at once on $name', (kind) => {
  const server = serveOn(kind);

  // T-008
  test('nobody whose factors are being taken away is made active without them', async () => {
    const ids: string[] = [];
    for (let i = 0; i < PEOPLE; i++)
      ids.push((await invite(server(), `a${i}@example.com`)).body.administrator.id as string);
    const { database } = server().house.ground;
    await database.write((tx) => tx.query.updateTable('administrators').set({ status: 'active' }).execute());
    const body = { status: 'active' };
    await Promise.all(
      ids.flatMap((id) => [
        server().askAsOwner(`${PATH}/${id}/reset`, { method: 'POST' }),
        server().askAsOwner(`${PATH}/${id}`, { method: 'PATCH', body }),
      ]),
    );
    const after = await Promise.all(ids.map((id) => server().askAsOwner(`${PATH}/${id}`)));
    expect(after.map((answer) => answer.body.status)).toEqual(new Array(PEOPLE).fill('invited'));
  });

  test('wrong guesses at somebody who was removed are forgotten with them', async () => {
    const { id } = (await invite(server(), 'gone@example.com')).body.administrator;
    const { database } = server().house.ground;
    const row = { client_id: 'administrators', subject: id, authenticator: 'totp', place: '' };
    const counts = { failures: 3, window_failures: 3, window_started_at: 1, updated_at: 1 };
    await database.write((tx) =>
      tx.query
        .insertInto('guess_counts')
        .values({ ...row, ...counts })
        .execute(),
    );
    expect((await server().askAsOwner(`${PATH}/${id}`, { method: 'DELETE' })).status).toBe(200);
    const left = await database.read.query.selectFrom('guess_counts').selectAll().where('subject', '=', id).execute();
    expect(left).toEqual([]);
  });
});
