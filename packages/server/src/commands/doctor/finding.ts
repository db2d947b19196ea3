/** How serious a finding is: only a problem makes the command fail. */
type Status = 'ok' | 'warn' | 'problem';

/** What one check came to: a sentence, and another on how to put it right. */
export interface Finding {
  check: string;
  status: Status;
  message: string;
  fix?: string;
}

/** How long `work` took, in milliseconds with one decimal. */
export async function timed<T>(work: () => T | Promise<T>): Promise<{ value: T; durationMs: number }> {
  const startedAt = performance.now();
  const value = await work();
  return { value, durationMs: Math.round((performance.now() - startedAt) * 10) / 10 };
}

/** What an error says, for a finding. */
export function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : 'it failed for an unknown reason';
}
