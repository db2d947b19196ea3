/**
 * The sign-in ladder: in each state the actions that are accepted, and the state each leads to.
 * The API and the hosted pages read the same table.
 */
const steps = {
  identify: { send_email_code: 'code_sent', verify_passkey: 'complete' },
  code_sent: { send_email_code: 'code_sent', verify_email_code: 'complete', verify_passkey: 'complete' },
  complete: {},
} as const;

export type State = keyof typeof steps;
export type Action = 'send_email_code' | 'verify_email_code' | 'verify_passkey';

/** The state after `action` in `state`, or null when the ladder has no such rung. */
export function nextState(state: State, action: Action): State | null {
  const rungs: Partial<Record<Action, State>> = steps[state];
  return rungs[action] ?? null;
}
