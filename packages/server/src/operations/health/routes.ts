import { Type } from 'typebox';
import { defineRoute, httpRefusals, type Route } from '../../platform/http/index.ts';
import type { SigningKeys } from '../../tenancy/signing-keys/index.ts';

const Status = Type.Object({ status: Type.Literal('ok') });

/** `/healthz` answers while the process lives; `/readyz` only while the database answers, a key can sign and the server is not about to stop. */
export function healthRoutes(deps: { signingKeys: SigningKeys; isReady(): Promise<boolean> }): Route[] {
  const base = { method: 'GET', access: 'public', tag: 'Operations', responses: { 200: Status } } as const;
  return [
    defineRoute({
      ...base,
      path: '/healthz',
      summary: 'Whether the process is alive',
      handle: () => ({ status: 'ok' }),
    }),
    defineRoute({
      ...base,
      path: '/readyz',
      summary: 'Whether the server can do its work',
      async handle() {
        if (!(await deps.isReady())) throw httpRefusals.temporarily_unavailable({ headers: { 'retry-after': '5' } });
        return { status: 'ok' };
      },
    }),
  ];
}
