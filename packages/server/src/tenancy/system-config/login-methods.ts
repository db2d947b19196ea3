import type { SystemConfig } from '@gatehouse/protocol';
import type { RuntimeConfig } from './create-system-config.ts';
import { refusals } from './errors.ts';

/** A way to sign in. */
export type LoginMethod = SystemConfig['sign_in']['login_methods'][number];

/** Which ways to sign in are open now. */
export interface LoginMethods {
  allows(method: LoginMethod): boolean;
  /** Throws login_method_disabled. */
  require(method: LoginMethod): void;
}

export function createLoginMethods(runtime: Pick<RuntimeConfig, 'current'>): LoginMethods {
  const allows = (method: LoginMethod) => runtime.current().sign_in.login_methods.includes(method);
  return {
    allows,
    require: (method) => {
      if (!allows(method)) throw refusals.login_method_disabled();
    },
  };
}
