import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Limit, perSecond } from '../kit/limit.ts';

/** As many as there are sessions in the installation that is measured, and about as long; a step that visits them all over the place. */
const ROWS = 10_000;
const STEP = 7919;
const LENGTH = 500;
/** Not one of the rows gets the text that it has: SQLite would notice, and write nothing. */
const TEXTS = 97;

export const limit: Limit = {
  name: 'SQLite: one update and one insert, committed together with those of all other requests under way, synchronous=FULL',
  async open({ folder, atOnce }) {
    const db = new DatabaseSync(join(folder, 'limit.sqlite'));
    db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 1000');
    db.exec(
      'create table held (id integer primary key, value text); create table told (id integer primary key, value text)',
    );
    const insertHeld = db.prepare('insert into held values (?, ?)');
    const texts = Array.from({ length: TEXTS }, (_, at) => String(at).padEnd(LENGTH, '.'));
    db.exec('begin');
    for (let row = 0; row < ROWS; row++) insertHeld.run(row, 'a'.repeat(LENGTH));
    db.exec('commit');
    const update = db.prepare('update held set value = ? where id = ?');
    const insert = db.prepare('insert into told (value) values (?)');
    let turn = 0;
    const work = () => {
      db.exec('begin immediate');
      for (let write = 0; write < atOnce; write++, turn++) {
        const text = texts[turn % TEXTS] as string;
        update.run(text, (turn * STEP) % ROWS);
        insert.run(text);
      }
      db.exec('commit');
      return atOnce;
    };
    return { measure: (seconds) => perSecond(seconds, work), close: async () => db.close() };
  },
};
