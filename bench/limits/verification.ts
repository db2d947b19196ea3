import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { type Limit, perSecond } from '../kit/limit.ts';

const ROUNDS = 20;

export const limit: Limit = {
  name: 'crypto.verify, ES256',
  async open() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const text = Buffer.alloc(500, 'a');
    const signature = sign('sha256', text, privateKey);
    const work = () => {
      for (let round = 0; round < ROUNDS; round++) verify('sha256', text, publicKey, signature);
      return ROUNDS;
    };
    return { measure: (seconds) => perSecond(seconds, work), close: async () => undefined };
  },
};
