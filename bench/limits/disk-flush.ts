import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Limit, perSecond } from '../kit/limit.ts';

const PAGE = Buffer.alloc(4096, 1);

export const limit: Limit = {
  name: 'fdatasync after 4 KiB',
  async open({ folder }) {
    const file = openSync(join(folder, 'flushed'), 'w');
    const work = () => {
      writeSync(file, PAGE);
      fdatasyncSync(file);
      return 1;
    };
    return { measure: (seconds) => perSecond(seconds, work), close: async () => closeSync(file) };
  },
};
