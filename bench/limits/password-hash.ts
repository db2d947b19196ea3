import { hash } from '@node-rs/argon2';
import { type Limit, perSecond } from '../kit/limit.ts';

/** As the server hashes. */
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const limit: Limit = {
  name: 'argon2id (19 MiB, 2 passes)',
  async open() {
    const work = async () => {
      await hash('a password of the benchmark', options);
      return 1;
    };
    return { measure: (seconds) => perSecond(seconds, work), close: async () => undefined };
  },
};
