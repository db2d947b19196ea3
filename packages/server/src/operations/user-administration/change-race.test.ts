import { describe, expect, test } from 'vitest';
import { databaseKinds } from '../../../test/kit/databases.ts';
import { serveOn } from '../../../test/kit/serve-on.ts';

const USERS = 40;
const PATH = '/api/admin/clients/default/users';

describe.each(databaseKinds())('two administrators at once on $name', (kind) => {
  const server = serveOn(kind);

  test('a name that is changed while somebody is suspended lets nobody in again', async () => {
    const make = (_: unknown, i: number) => server().askAsOwner(PATH, { body: { email: `u${i}@example.com` } });
    const made = await Promise.all(Array.from({ length: USERS }, make));
    const patch = (id: string, body: object) => server().askAsOwner(`${PATH}/${id}`, { method: 'PATCH', body });
    await Promise.all(
      made.flatMap(({ body: { id } }) => [patch(id, { status: 'suspended' }), patch(id, { display_name: 'Ada' })]),
    );
    const after = await Promise.all(made.map(({ body }) => server().askAsOwner(`${PATH}/${body.id}`)));
    const seen = new Set(after.map(({ body }) => `${body.status} ${body.display_name}`));
    expect([...seen]).toEqual(['suspended Ada']);
  });
});
