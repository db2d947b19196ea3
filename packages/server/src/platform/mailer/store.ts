import { type Reader, statement, type Tx } from '../database/index.ts';
import type { DevelopmentMailsTable, SmtpServersTable } from './tables.ts';

export const listServers = statement<object, SmtpServersTable>((query) =>
  query.selectFrom('smtp_servers').selectAll().orderBy('created_at').orderBy('id'),
);

export const findServer = statement<{ id: string }, SmtpServersTable>((query, p) =>
  query.selectFrom('smtp_servers').selectAll().where('id', '=', p('id')),
);

export const insertServer = statement<SmtpServersTable, never>((query, p) =>
  query.insertInto('smtp_servers').values({
    id: p('id'),
    host: p('host'),
    port: p('port'),
    username: p('username'),
    password_sealed: p('password_sealed'),
    from_email: p('from_email'),
    from_name: p('from_name'),
    secure: p('secure'),
    active: p('active'),
    weight: p('weight'),
    created_at: p('created_at'),
  }),
);

export const updateServer = statement<Omit<SmtpServersTable, 'created_at'>, never>((query, p) =>
  query
    .updateTable('smtp_servers')
    .set({
      host: p('host'),
      port: p('port'),
      username: p('username'),
      password_sealed: p('password_sealed'),
      from_email: p('from_email'),
      from_name: p('from_name'),
      secure: p('secure'),
      active: p('active'),
      weight: p('weight'),
    })
    .where('id', '=', p('id')),
);

const removeServer = statement<{ id: string }, never>((query, p) =>
  query.deleteFrom('smtp_servers').where('id', '=', p('id')),
);

export async function deleteServer(tx: Tx, id: string): Promise<boolean> {
  return (await removeServer.run(tx, { id })) > 0;
}

export const insertDevelopmentMail = statement<DevelopmentMailsTable, never>((query, p) =>
  query.insertInto('development_mails').values({
    id: p('id'),
    recipient: p('recipient'),
    subject: p('subject'),
    text: p('text'),
    html: p('html'),
    created_at: p('created_at'),
  }),
);

const newestMails = statement<{ most: number }, DevelopmentMailsTable>((query, p) =>
  query.selectFrom('development_mails').selectAll().orderBy('id', 'desc').limit(p('most')),
);

export function listNewestMails(on: Reader, most: number): Promise<DevelopmentMailsTable[]> {
  return newestMails.all(on, { most });
}

/** Keeps the newest `most` mails. */
export const trimMails = statement<{ most: number }, never>((query, p) =>
  query
    .deleteFrom('development_mails')
    .where('id', 'not in', query.selectFrom('development_mails').select('id').orderBy('id', 'desc').limit(p('most'))),
);
