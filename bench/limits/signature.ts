import { generateKeyPairSync, sign } from 'node:crypto';
import { type Limit, perSecond } from '../kit/limit.ts';

const ROUNDS = 50;

export const limit: Limit = {
  name: 'crypto.sign, ES256',
  async open() {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const text = Buffer.alloc(500, 'a');
    const work = () => {
      for (let round = 0; round < ROUNDS; round++) sign('sha256', text, privateKey);
      return ROUNDS;
    };
    return { measure: (seconds) => perSecond(seconds, work), close: async () => undefined };
  },
};
