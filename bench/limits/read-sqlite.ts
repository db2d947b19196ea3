import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Limit, perSecond } from '../kit/limit.ts';

const ROWS = 1_000;

export const limit: Limit = {
  name: 'SQLite: one row by its key',
  async open({ folder }) {
    const db = new DatabaseSync(join(folder, 'read.sqlite'));
    db.exec('create table held (id integer primary key, value text); begin');
    const insert = db.prepare('insert into held values (?, ?)');
    for (let row = 0; row < ROWS; row++) insert.run(row, 'a'.repeat(300));
    db.exec('commit');
    const select = db.prepare('select * from held where id = ?');
    let row = 0;
    const work = () => {
      for (let round = 0; round < ROWS; round++) select.get(row++ % ROWS);
      return ROWS;
    };
    return { measure: (seconds) => perSecond(seconds, work), close: async () => db.close() };
  },
};
