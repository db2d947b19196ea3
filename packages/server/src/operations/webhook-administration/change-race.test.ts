import { describe, expect, test } from 'vitest';
import { databaseKinds } from '../../../test/kit/databases.ts';
import { serveOn } from '../../../test/kit/serve-on.ts';

const ENDPOINTS = 20;
const PATH = '/api/admin/clients/default/webhooks';

describe.each(databaseKinds())('two administrators at once on $name', (kind) => {
  const server = serveOn(kind);

  test('a filter that is changed while an endpoint is switched off does not switch it on', async () => {
    const make = () => server().askAsOwner(PATH, { body: { url: 'https://example.com/hooks' } });
    const made = await Promise.all(Array.from({ length: ENDPOINTS }, make));
    const patch = (id: string, body: object) => server().askAsOwner(`${PATH}/${id}`, { method: 'PATCH', body });
    await Promise.all(
      made.flatMap(({ body: { id } }) => [patch(id, { status: 'disabled' }), patch(id, { events: ['user_*'] })]),
    );
    const after = await Promise.all(made.map(({ body }) => server().askAsOwner(`${PATH}/${body.id}`)));
    const seen = new Set(after.map(({ body }) => `${body.status} ${body.events}`));
    expect([...seen]).toEqual(['disabled user_*']);
  });
});
