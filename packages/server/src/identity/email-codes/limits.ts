import type { Limit } from '../../platform/rate-limit/index.ts';

const HOUR_SECONDS = 3600;
const QUARTER_SECONDS = 900;

/** How many mails an address and a network may cause, and how often a network may guess wrong. */
export interface EmailCodeLimits {
  perAddress: Limit;
  perNetwork: Limit;
  failuresPerNetwork: Limit;
}

/** The limits as `config` has them at the moment they are looked at. */
export function emailCodeLimits(config: {
  emailPerAddress: number;
  emailPerIp: number;
  failuresPerIp: number;
}): EmailCodeLimits {
  return {
    get perAddress() {
      return { name: 'email-address', most: config.emailPerAddress, windowSeconds: HOUR_SECONDS };
    },
    get perNetwork() {
      return { name: 'email-network', most: config.emailPerIp, windowSeconds: HOUR_SECONDS };
    },
    get failuresPerNetwork() {
      return { name: 'sign-in-failures', most: config.failuresPerIp, windowSeconds: QUARTER_SECONDS };
    },
  };
}
