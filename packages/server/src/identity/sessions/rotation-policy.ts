/** What the rotation of a refresh token depends on. Times are milliseconds since the epoch. */
export interface RotationFacts {
  now: number;
  presentedHash: string;
  refreshHash: string | null;
  previousHash: string | null;
  replacedAt: number | null;
  endedAt: number | null;
  expiresAt: number;
  lastUsedAt: number;
  idleTtlMs: number | null;
  graceMs: number;
  userActive: boolean;
}

export type RotationVerdict =
  /** The token in force: replace it. */
  | 'rotate'
  /** The token just replaced, presented again in time (a lost answer, two tabs): give the same successor. */
  | 'repeat'
  /** An older token, or the replaced one too late: somebody has a copy. */
  | 'reused'
  /** The session is over. */
  | 'ended';

/** Whether a session has run into one of its bounds. */
export function isOver(
  facts: Pick<RotationFacts, 'now' | 'endedAt' | 'expiresAt' | 'lastUsedAt' | 'idleTtlMs'>,
): boolean {
  const idleEnd = facts.idleTtlMs === null ? Number.POSITIVE_INFINITY : facts.lastUsedAt + facts.idleTtlMs;
  return facts.endedAt !== null || facts.now >= facts.expiresAt || facts.now >= idleEnd;
}

/** Decides what a presented refresh token, known to be genuine, is good for (D7). */
export function judgeRotation(facts: RotationFacts): RotationVerdict {
  if (isOver(facts) || !facts.userActive) return 'ended';
  if (facts.presentedHash === facts.refreshHash) return 'rotate';
  const justReplaced = facts.presentedHash === facts.previousHash && facts.replacedAt !== null;
  const inTime = justReplaced && facts.now - (facts.replacedAt ?? 0) < facts.graceMs;
  return inTime ? 'repeat' : 'reused';
}
