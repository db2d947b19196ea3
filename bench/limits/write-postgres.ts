import type { Limit } from '../kit/limit.ts';
import { openPostgresLimit } from '../kit/postgres-limit.ts';

const value = 'a'.repeat(500);

export const limit: Limit = {
  name: 'Postgres: one update and one insert in one statement, synchronous_commit=on',
  open: (place) =>
    openPostgresLimit(place, {
      table: 'bench_write',
      text: 'with held as (update bench_write set value = $2 where id = $1) insert into bench_write_told (value) values ($2)',
      values: (row) => [row, value],
    }),
};
