import type { Clock } from '../../platform/clock/index.ts';
import type { AdminSessionCaller } from '../admin-sign-in/index.ts';
import { adminRefusals, isProofFresh } from '../admins/index.ts';

/** A second factor comes and goes only with a recent proof, as rights do. Throws admin_step_up_required. */
export function requireFresh({ clock }: { clock: Clock }, { authenticatedAt }: AdminSessionCaller): void {
  if (!isProofFresh('admins:write', authenticatedAt, clock.now())) throw adminRefusals.admin_step_up_required();
}
