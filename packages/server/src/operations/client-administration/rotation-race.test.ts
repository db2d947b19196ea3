import { describe, expect, test } from 'vitest';
import { databaseKinds } from '../../../test/kit/databases.ts';
import { serveOn } from '../../../test/kit/serve-on.ts';

const TIMES = 12;

/** Somebody presses the button twice, or two people do. */
describe.each(databaseKinds())('rotations at once on $name', (kind) => {
  const server = serveOn(kind);
  const makeClient = async (slug: string) =>
    (await server().askAsOwner('/api/admin/clients', { body: { name: slug, slug } })).body.client.id as string;
  const rotateTogether = async (id: string, what: string) => {
    const rotate = () => server().askAsOwner(`/api/admin/clients/${id}/${what}`, { body: { immediate: true } });
    return Promise.all(Array.from({ length: TIMES }, rotate));
  };

  //
  test('each makes a new signing key, and one signs', async () => {
    const id = await makeClient('signing');
    const answers = await rotateTogether(id, 'rotate-jwt');
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: TIMES }, () => 200));
    const rows = server().house.ground.database.read.query.selectFrom('signing_keys').select(['slot', 'sole']);
    const slots = (await rows.where('client_id', '=', id).execute()).map(({ slot }) => slot);
    expect(slots.filter((slot) => slot !== 'RETIRED').sort()).toEqual(['CURRENT', 'STANDBY']);
  });

  test('of the API keys made at once, with the one before ended at once, one is left', async () => {
    const id = await makeClient('keys');
    const answers = await rotateTogether(id, 'rotate-api-key');
    const sends = await Promise.all(
      answers.map(({ body }) =>
        server().ask('/api/auth/email-code/send', {
          body: { email: 'key@example.com' },
          headers: { 'x-api-key': body.api_key },
        }),
      ),
    );
    expect(sends.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});
