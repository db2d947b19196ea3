import type { Limit } from '../kit/limit.ts';
import { openPostgresLimit } from '../kit/postgres-limit.ts';

export const limit: Limit = {
  name: 'Postgres: one row by its key',
  open: (place) =>
    openPostgresLimit(place, {
      table: 'bench_read',
      text: 'select * from bench_read where id = $1',
      values: (row) => [row],
    }),
};
