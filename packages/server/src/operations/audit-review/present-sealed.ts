import type { SealedAuditEvent } from '@gatehouse/protocol';
import { presentEvent } from '../audit-log/index.ts';
import type { FoundEvent } from './store.ts';

export function presentSealed(found: FoundEvent): SealedAuditEvent {
  return { ...presentEvent(found), seq: found.seq, leaf_hash: found.leaf_hash, legal_hold: found.held !== null };
}
