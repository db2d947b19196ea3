import type { CreateTableBuilder, Kysely } from 'kysely';

/** A database of which a migration knows no table yet. */
export type Db = Kysely<never>;
type Columns = Record<string, 'text' | 'text?' | 'bigint' | 'bigint?' | 'integer' | 'integer?'>;

/** A table of plain columns; `?` allows null. */
export function table(db: Db, name: string, columns: Columns): CreateTableBuilder<string, string> {
  let builder = db.schema.createTable(name) as CreateTableBuilder<string, string>;
  for (const [column, type] of Object.entries(columns)) {
    const kind = type.replace('?', '') as 'text' | 'bigint' | 'integer';
    builder = builder.addColumn(column, kind, (c) => {
      const primary = column === 'id' || column === 'kid' || (column === 'key' && name === 'rate_limits');
      if (primary) return c.primaryKey().notNull();
      return type.endsWith('?') ? c : c.notNull();
    });
  }
  return builder;
}

/** An index, named after its table and columns. */
export async function index(db: Db, on: string, columns: string[], unique = false): Promise<void> {
  const builder = db.schema
    .createIndex(`${on}_${columns.join('_')}`)
    .on(on)
    .columns(columns as never[]);
  await (unique ? builder.unique() : builder).execute();
}
