// What a client was told, on a disk of its own: the server is held against it after every kill.
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/** What is done to the server. */
export type Op =
  | 'sign_in'
  | 'passkey_sign_in'
  | 'refresh'
  | 'sign_out'
  | 'revoke'
  | 'suspend'
  | 'add_passkey'
  | 'remove_passkey'
  | 'rotate_api_key';

/** What an act is about, and what its answer named. */
export interface About {
  email?: string;
  code?: string;
  user?: string;
  session?: string;
  /** The refresh token presented. */
  token?: string;
  /** The refresh token that the answer brought. */
  newToken?: string;
  passkey?: string;
  key?: string;
}

/** One request. It is in doubt until an answer has arrived, and stays so when none does. */
export interface Act {
  id: string;
  op: Op;
  about: About;
  outcome: 'in doubt' | 'answered' | 'refused';
  /** Of an answer. */
  requestId?: string;
  /** Of a refusal: its status and code. */
  refusal?: string;
}

type Line = Pick<Act, 'id'> & Partial<Act>;

/** The ledger of one run: a file of lines to which answers are added with a flush to the disk. */
export interface Ledger {
  /** Notes what is about to be asked; the id goes along in the User-Agent, so that the audit log names the act. */
  asked(op: Op, about: About): string;
  answered(id: string, of: { requestId: string; about: About }): void;
  refused(id: string, refusal: string): void;
  /** How many answers it holds. */
  answers(): number;
  /** The acts as the file has them. */
  read(): Act[];
  close(): void;
}

/** The User-Agent of an act. */
export function agentOf(act: string): string {
  return `act/${act}`;
}

function readActs(path: string): Act[] {
  const acts = new Map<string, Act>();
  for (const text of readFileSync(path, 'utf8').split('\n').slice(0, -1)) {
    const line = JSON.parse(text) as Line;
    const before = acts.get(line.id);
    acts.set(line.id, { ...before, ...line, about: { ...before?.about, ...line.about } } as Act);
  }
  return [...acts.values()];
}

/** Opens the ledger in the file `path`. */
export function openLedger(path: string): Ledger {
  const file = openSync(path, 'a');
  let acts = 0;
  let answers = 0;
  const write = (line: Line) => writeSync(file, `${JSON.stringify(line)}\n`);
  return {
    asked(op, about) {
      acts++;
      const id = String(acts);
      write({ id, op, about, outcome: 'in doubt' });
      return id;
    },
    answered(id, { requestId, about }) {
      write({ id, outcome: 'answered', requestId, about });
      fsyncSync(file);
      answers++;
    },
    refused: (id, refusal) => void write({ id, outcome: 'refused', refusal }),
    answers: () => answers,
    read: () => readActs(path),
    close: () => closeSync(file),
  };
}
