import { NullableText } from '@gatehouse/protocol';
import { Type } from 'typebox';
import type { Database } from '../../platform/database/index.ts';
import { defineRoute, type Route } from '../../platform/http/index.ts';
import { adminRefusals, reaches } from '../admins/index.ts';
import { listWitnesses } from './store.ts';

const Witnessed = Type.Object(
  {
    name: Type.String(),
    tree_size: Type.Integer({ description: 'Size of the log at the newest checkpoint it has kept.' }),
    sent_at: NullableText,
    last_error: NullableText,
  },
  { title: 'AuditWitness' },
);

/** What each witness has kept, and why one lags behind. */
export function witnessRoutes({ database }: { database: Database }): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/admin/audit-events/chain/witnesses',
      access: { admin: 'audit:read' },
      cors: 'nobody',
      tag: 'Administration: audit log',
      summary: 'What each witness has kept',
      responses: { 200: Type.Object({ items: Type.Array(Witnessed) }, { title: 'AuditWitnesses' }) },
      refusals: ['admin_permission_missing'],
      handle: async ({ caller }) => {
        // Folders and addresses of the installation are no business of a client's.
        if (!reaches(caller.admin.scope, null)) throw adminRefusals.admin_permission_missing();
        const items = (await listWitnesses(database.read)).map(({ name, tree_size, sent_at, last_error }) => ({
          name,
          tree_size,
          sent_at: sent_at === null ? null : new Date(sent_at).toISOString(),
          last_error,
        }));
        return { items };
      },
    }),
  ];
}
